#!/usr/bin/env python3
"""What tlspeel says when something is wrong: one clear sentence on stderr that names the file and the cause, the exit code of
the design (0 all read; 1 ran, with a problem; 2 could not run; 3 secrets were given and opened nothing), and on stdout all
that could be read.

  trouble.py TLSPEEL [Trouble.test_NAME]
"""
import fcntl
import gzip
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

CASE = pathlib.Path(__file__).resolve().parents[2] / "testdata" / "captures" / "apache_rsa"
CAPTURE, KEY = CASE / "capture.pcap", CASE / "server.key"
TLSPEEL = ""
RECORD_HEADER, FILE_HEADER = 16, 24


class Trouble(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)

    # ---- captures ---------------------------------------------------------------------------------------------------------------------

    def test_capture_is_missing(self):
        self.refuses(["nowhere.pcap"], "nowhere.pcap", "no such file")

    def test_capture_is_a_folder(self):
        (self.folder / "folder").mkdir()
        self.refuses(["folder"], "folder", "director|folder")

    def test_capture_may_not_be_read(self):
        self.needs_ordinary_user()
        self.write("secret.pcap", CAPTURE.read_bytes()).chmod(0)
        self.refuses(["secret.pcap"], "secret.pcap", "permission denied")

    def test_capture_is_empty(self):
        self.write("empty.pcap", b"")
        self.refuses(["empty.pcap"], "empty.pcap", "empty|truncated")

    def test_not_a_capture(self):
        self.write("notes.txt", b"This is a shopping list: bread, butter, certificates.\n" * 40)
        self.refuses(["notes.txt"], "notes.txt", "not a|unknown file format")

    def test_capture_in_a_folder_is_broken(self):
        """It is left out, and a problem; the others are read. Named by itself it is an error."""
        (self.folder / "folder").mkdir()
        good = CAPTURE.read_bytes()
        self.write("folder/good.pcap", good)
        whole = self.run_tlspeel("folder", "-k", KEY)
        self.assertEqual((whole.code, whole.stderr), (0, ""))
        self.write("folder/newer.pcap", good[:4] + b"\x09" + good[5:])
        done = self.run_tlspeel("folder", "-k", KEY)
        self.assertEqual(done.code, 1, done)
        self.one_sentence(done.stderr, "folder/newer.pcap", "cannot be read as a capture .*left out")
        self.assertIn("capture: folder/newer.pcap: ", done.stdout)
        self.assertIn("1 problem with the capture itself", done.stdout)
        lines = set(done.stdout.splitlines())
        self.assertEqual([line for line in whole.stdout.splitlines() if line not in lines], [])
        json = self.run_tlspeel("folder", "-k", KEY, "--format", "json")
        self.assertRegex(json.stdout, r'"event":"capture_problem"[^\n]*folder/newer.pcap')
        self.refuses(["folder/newer.pcap"], "folder/newer.pcap", "cannot be read as a capture")
        self.refuses(["folder", "folder/newer.pcap"], "folder/newer.pcap", "cannot be read as a capture")
        (self.folder / "folder/good.pcap").unlink()
        self.refuses(["folder"], "folder/newer.pcap", "cannot be read as a capture")

    def test_compressed_capture_is_cut(self):
        packed = gzip.compress(CAPTURE.read_bytes())
        self.write("cut.pcap.gz", packed[:len(packed) // 2])
        run = self.run_tlspeel("-k", KEY, "cut.pcap.gz")
        self.assertEqual(run.code, 1, run)
        self.assertRegex(run.stderr, r"cut\.pcap\.gz: its gzip data is cut off behind packet [1-9]\d*; everything before it was read")
        self.assertIn("HTTP/1.1", run.stdout)

    def test_compressed_capture_is_damaged(self):
        packed = bytearray(gzip.compress(CAPTURE.read_bytes()))
        packed[-8:-4] = b"\0\0\0\0"
        self.write("bad.pcap.gz", bytes(packed))
        run = self.run_tlspeel("-k", KEY, "bad.pcap.gz")
        self.assertEqual(run.code, 1, run)
        self.assertRegex(run.stderr, r"bad\.pcap\.gz: its gzip data does not fit the checksum over the [\d,]+ bytes in it: "
                                     r"what was read, up to packet [1-9]\d*, may be damaged")

    def test_compressed_is_no_capture(self):
        self.write("notes.txt.gz", gzip.compress(b"bread, butter, certificates\n"))
        self.refuses(["notes.txt.gz"], "notes.txt.gz", "is gzip-compressed, and what is in it is not a capture")

    def test_compressed_is_empty(self):
        self.write("empty.gz", gzip.compress(b""))
        self.refuses(["empty.gz"], "empty.gz", "is gzip-compressed, and what is in it is empty")

    def test_capture_header_is_cut(self):
        self.write("cut.pcap", CAPTURE.read_bytes()[:FILE_HEADER - 4])
        self.refuses(["cut.pcap"], "cut.pcap", "truncated|cut|ends")

    def test_capture_without_packets(self):
        self.write("none.pcap", CAPTURE.read_bytes()[:FILE_HEADER])
        done = self.run_tlspeel("none.pcap")
        self.assertEqual(done.code, 0, done)
        self.assertEqual(done.stderr, "")
        self.assertRegex(done.stdout.lower(), r"no (tls|packet|connection)|0 packets|0 connections")

    def test_capture_ends_in_a_packet(self):
        whole = self.run_tlspeel(CAPTURE, "-k", KEY)
        data = CAPTURE.read_bytes()
        self.write("cut.pcap", data[:-10])
        done = self.run_tlspeel("cut.pcap", "-k", KEY)
        self.assertEqual(done.code, 1, done)
        self.one_sentence(done.stderr, "cut.pcap", "truncated|cut|ends|middle")
        self.assertIn(first_block(whole.stdout), done.stdout)

    def test_capture_ends_in_a_packet_header(self):
        data = CAPTURE.read_bytes()
        last = list(packets(data))[-1][0]
        self.write("cut.pcap", data[:last + 7])
        done = self.run_tlspeel("cut.pcap", "-k", KEY)
        self.assertEqual(done.code, 1, done)
        self.one_sentence(done.stderr, "cut.pcap", "truncated|cut|ends|middle")
        self.assertIn("HTTP/1.1 200", done.stdout)

    def test_packet_length_is_nonsense(self):
        data = bytearray(CAPTURE.read_bytes())
        at = list(packets(data))[60][0]
        struct.pack_into("<I", data, at + 8, 0x7FFFFFFF)
        self.write("damaged.pcap", bytes(data))
        done = self.run_tlspeel("damaged.pcap", "-k", KEY)
        self.assertEqual(done.code, 1, done)
        self.one_sentence(done.stderr, "damaged.pcap", "packet|length|damaged|bogus")
        self.assertIn("ClientHello", done.stdout)

    def test_second_of_two_captures_is_missing(self):
        done = self.run_tlspeel(CAPTURE, "gone.pcap", "-k", KEY)
        self.assertIn(done.code, (1, 2), done)
        self.one_sentence(done.stderr, "gone.pcap", "no such file")

    def test_second_of_two_captures_is_damaged(self):
        data = CAPTURE.read_bytes()
        cut = [start for start, _ in packets(data)][40]
        self.write("a.pcap", data[:cut])
        self.write("b.pcap", data[:FILE_HEADER] + data[cut:-10])
        done = self.run_tlspeel("a.pcap", "b.pcap", "-k", KEY)
        self.assertEqual(done.code, 1, done)
        self.one_sentence(done.stderr, "b.pcap", "truncated|cut|ends|middle")
        self.assertIn("HTTP/1.1 200", done.stdout)

    def test_packets_cut_by_the_snap_length(self):
        self.write("short.pcap", with_snap_length(CAPTURE.read_bytes(), 96))
        done = self.run_tlspeel("short.pcap", "-k", KEY)
        self.assertEqual(done.code, 3, done)
        self.assertIn("-s 0", done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"ClientHello|closed")

    def test_cut_capture_on_standard_input(self):
        done = self.run_tlspeel("-", "-k", KEY, stdin=CAPTURE.read_bytes()[:-10])
        self.assertEqual(done.code, 1, done)
        self.one_sentence(done.stderr, "standard input", "truncated|cut|ends|middle")
        self.assertIn("HTTP/1.1 200", done.stdout)

    def test_nothing_on_standard_input(self):
        done = self.run_tlspeel("-", "-k", KEY)
        self.assertEqual(done.code, 2, done)
        self.one_sentence(done.stderr, "standard input", "empty|truncated|nothing|ends")

    # ---- keys -------------------------------------------------------------------------------------------------------------------------

    def test_key_is_missing(self):
        self.refuses([CAPTURE, "-k", "nowhere.key"], "nowhere.key", "no such file")

    def test_key_may_not_be_read(self):
        self.needs_ordinary_user()
        self.write("mine.key", KEY.read_bytes()).chmod(0)
        self.refuses([CAPTURE, "-k", "mine.key"], "mine.key", "permission denied")

    def test_key_is_empty(self):
        self.write("empty.key", b"")
        self.refuses([CAPTURE, "-k", "empty.key"], "empty.key", "empty|no private key|not a private key|contains no")

    def test_key_is_not_a_key(self):
        self.write("notes.key", b"bread, butter, certificates\n")
        self.refuses([CAPTURE, "-k", "notes.key"], "notes.key", "private key")

    def test_key_is_a_certificate(self):
        self.openssl("req", "-x509", "-new", "-key", KEY, "-subj", "/CN=x", "-days", "9", "-out", "server.crt")
        self.refuses([CAPTURE, "-k", "server.crt"], "server.crt", "certificate|private key")

    def test_key_is_damaged(self):
        lines = KEY.read_text().splitlines()
        del lines[4:7]
        self.write("torn.key", "\n".join(lines).encode())
        self.refuses([CAPTURE, "-k", "torn.key"], "torn.key", "private key|damaged|read")

    def test_key_is_encrypted(self):
        self.openssl("rsa", "-aes256", "-passout", "pass:hunter2", "-in", KEY, "-out", "locked.key")
        self.refuses([CAPTURE, "-k", "locked.key"], "locked.key", "encrypted|password|passphrase")

    def test_key_is_encrypted_pkcs8(self):
        self.openssl("pkcs8", "-topk8", "-passout", "pass:hunter2", "-in", KEY, "-out", "locked.p8")
        self.refuses([CAPTURE, "-k", "locked.p8"], "locked.p8", "encrypted|password|passphrase")

    def test_key_is_elliptic(self):
        self.openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "ec.key")
        done = self.run_tlspeel(CAPTURE, "-k", "ec.key")
        self.assertEqual((done.code, done.stderr), (3, ""))
        self.assertRegex(done.stdout, r"ec.key \(EC P-256\) opened no connection")

    def test_key_of_another_certificate(self):
        self.openssl("genrsa", "-out", "other.key", "2048")
        done = self.run_tlspeel(CAPTURE, "-k", "other.key")
        self.assertEqual(done.code, 3, done)
        self.assertIn("ClientHello", done.stdout)
        self.assertNotIn("HTTP/1.1 200", done.stdout)
        self.assertIn("other.key", done.stdout + done.stderr)

    def test_one_good_key_beside_a_wrong_one(self):
        self.openssl("genrsa", "-out", "other.key", "2048")
        done = self.run_tlspeel(CAPTURE, "-k", "other.key", "-k", KEY)
        self.assertEqual(done.code, 0, done)
        self.assertIn("HTTP/1.1 200", done.stdout)

    def test_key_without_any_tls_is_no_failure_of_the_key(self):
        done = self.run_tlspeel(CAPTURE, "-k", KEY, "-f", "udp")
        self.assertIn(done.code, (0, 3), done)
        self.assertNotIn("ClientHello", done.stdout)

    # ---- key logs and other secrets ---------------------------------------------------------------------------------------------------

    def test_key_log_is_missing(self):
        self.refuses([CAPTURE, "-l", "nowhere.log"], "nowhere.log", "no such file")

    def test_key_log_may_not_be_read(self):
        self.needs_ordinary_user()
        self.write("secret.log", b"").chmod(0)
        self.refuses([CAPTURE, "-l", "secret.log"], "secret.log", "permission denied")

    def test_key_log_is_empty(self):
        self.write("empty.log", b"")
        done = self.run_tlspeel(CAPTURE, "-l", "empty.log")
        self.assertEqual(done.code, 3, done)
        self.one_sentence(done.stderr, "empty.log", "no secret")
        self.assertIn("ClientHello", done.stdout)

    def test_key_log_has_malformed_lines(self):
        self.run_tlspeel(CAPTURE, "-k", KEY, "--keylog-out", "keys.log")
        good = (self.folder / "keys.log").read_bytes()
        self.write("odd.log", b"CLIENT_RANDOM 12 34\n" + good + b"CLIENT_RANDOM tea biscuits\n")
        done = self.run_tlspeel(CAPTURE, "-l", "odd.log")
        self.assertEqual(done.code, 0, done)
        self.one_sentence(done.stderr, "odd.log", "2 malformed lines .*line 1")
        self.assertIn("HTTP/1.1 200", done.stdout)

    def test_secrets_in_the_capture_are_malformed(self):
        for name, secrets in (("odd.pcapng", b"CLIENT_RANDOM tea biscuits\n"), ("none.pcapng", b"# nothing\n")):
            with self.subTest(name):
                self.write(name, as_pcapng(CAPTURE.read_bytes(), secrets))
                done = self.run_tlspeel(name)
                self.assertEqual(done.code, 3, done)
                self.assertIn("ClientHello", done.stdout)
                if name == "odd.pcapng":
                    self.one_sentence(done.stderr, "odd.pcapng", "1 malformed line .*line 1")
                else:
                    self.assertEqual(done.stderr, "")

    def test_damage_behind_secrets_in_the_capture(self):
        self.run_tlspeel(CAPTURE, "-k", KEY, "--keylog-out", "keys.log")
        whole = as_pcapng(CAPTURE.read_bytes(), (self.folder / "keys.log").read_bytes())
        self.write("cut.pcapng", whole[:-10])
        done = self.run_tlspeel("cut.pcapng")
        self.assertEqual(done.code, 1, done)
        self.one_sentence(done.stderr, "cut.pcapng", "cut off")
        self.assertIn("HTTP/1.1 200", done.stdout)

    def test_password_file_is_missing(self):
        self.refuses([CAPTURE, "-k", KEY, "--password-file", "nowhere.txt"], "nowhere.txt", "no such file")

    def test_psk_is_none(self):
        self.refuses([CAPTURE, "--psk", "device:tea"], "pre-shared key", "hex")

    def test_psk_file_is_missing(self):
        self.refuses([CAPTURE, "--psk-file", "nowhere.psk"], "nowhere.psk", "no such file")

    def test_ticket_key_is_missing(self):
        self.refuses([CAPTURE, "--ticket-key", "nowhere.key"], "nowhere.key", "no such file")

    # ---- output -----------------------------------------------------------------------------------------------------------------------

    def test_output_cannot_be_made(self):
        self.refuses([CAPTURE, "-k", KEY, "-o", "nowhere/out.txt"], "nowhere/out.txt", "no such file")

    def test_output_file_holds_what_standard_output_would(self):
        self.assertEqual(self.run_tlspeel(CAPTURE, "-k", KEY, "-o", "out.txt").stdout, "")
        self.assertEqual((self.folder / "out.txt").read_text(), self.run_tlspeel(CAPTURE, "-k", KEY).stdout)

    def test_disk_is_full(self):
        for target, name in (("-o", "/dev/full"), (None, "standard output")):
            with self.subTest(name):
                options = [target, name] if target else []
                with open("/dev/full" if not target else os.devnull, "wb") as stdout:
                    done = self.run_tlspeel(CAPTURE, "-k", KEY, *options, stdout=stdout)
                self.assertIn(done.code, (1, 2), done)
                self.one_sentence(done.stderr, name, "no space left")

    def test_disk_is_full_while_streams_or_bodies_are_saved(self):
        disk = self.folder / "disk"
        disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "none", disk], capture_output=True, check=False).returncode:
            self.skipTest("making a small disk needs root (mount)")
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        for option in ("--save-streams", "--save-bodies"):
            with self.subTest(option):
                done = self.run_tlspeel(CAPTURE, "-k", KEY, option, disk)
                self.assertIn(done.code, (1, 2), done)
                self.one_sentence(done.stderr, "disk", "no space left")
                self.assertFalse(list(disk.glob(".*")))

    def test_streams_cannot_be_saved(self):
        self.write("file", b"")
        for option in ("--save-streams", "--save-bodies"):
            self.refuses([CAPTURE, "-k", KEY, option, "file/streams"], "file", "not a directory|cannot|no such")

    def test_certificates_cannot_be_saved(self):
        self.write("file", b"")
        self.refuses([CAPTURE, "--certs", "file/certs"], "file", "not a directory|cannot|no such")

    def test_key_log_cannot_be_written(self):
        self.refuses([CAPTURE, "-k", KEY, "--keylog-out", "nowhere/keys.log"], "nowhere/keys.log", "no such file")
        self.refuses([CAPTURE, "-k", KEY, "--keylog-out", "."], ".", "directory")

    def test_output_would_overwrite_what_is_read(self):
        for name, origin in (("dump.pcap", CAPTURE), ("server.key", KEY)):
            self.write(name, origin.read_bytes())
        for target in ("dump.pcap", "./server.key"):
            with self.subTest(target):
                self.refuses(["dump.pcap", "-k", "server.key", "-o", target], target, "would overwrite")
        keys = self.folder / "keys"
        keys.mkdir()
        (keys / "server.key").write_bytes(KEY.read_bytes())
        self.refuses(["dump.pcap", "-k", "keys", "--keylog-out", "keys/server.key"], "keys/server.key", "would overwrite")
        self.refuses(["dump.pcap", "-k", "keys", "--keylog-out", "same", "-o", "./same"], "same", "would overwrite")
        self.assertEqual((keys / "server.key").read_bytes(), KEY.read_bytes())
        self.assertEqual((self.folder / "dump.pcap").read_bytes(), CAPTURE.read_bytes())
        self.assertEqual((self.folder / "server.key").read_bytes(), KEY.read_bytes())

    def test_standard_error_cannot_be_written(self):
        """Nobody is left to tell, which is no reason to be aborted."""
        for stderr in ("/dev/full", os.devnull):
            with open(stderr, "wb") as gone:
                done = subprocess.run([TLSPEEL, "nowhere.pcap"], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                      stderr=gone, timeout=100, check=False)
            self.assertEqual(done.returncode, 2)

    def test_disk_is_full_while_the_key_log_is_written(self):
        done = self.run_tlspeel(CAPTURE, "-k", KEY, "--keylog-out", "/dev/full")
        self.assertEqual(done.code, 1, done)
        self.one_sentence(done.stderr, "/dev/full", "no space left")
        self.assertIn("HTTP/1.1 200", done.stdout)

    def test_key_log_is_for_its_owner_alone(self):
        """Also where there was a file that others might read, and whatever the umask says."""
        log = self.folder / "keys.log"
        for before in (None, 0o666, 0o600):
            if before is not None:
                log.write_text("from an earlier run, which was longer than what is written now\n" * 99)
                log.chmod(before)
            mask = os.umask(0)
            try:
                done = self.run_tlspeel(CAPTURE, "-k", KEY, "--keylog-out", "keys.log")
            finally:
                os.umask(mask)
            self.assertEqual((done.code, done.stderr), (0, ""))
            self.assertEqual(log.stat().st_mode & 0o777, 0o600)
            self.assertRegex(log.read_text(), r"\A(CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}\n)+\Z")

    def test_key_log_of_a_run_that_opens_nothing_is_empty(self):
        self.write("keys.log", b"from an earlier run\n")
        done = self.run_tlspeel(CAPTURE, "--keylog-out", "keys.log")
        self.assertEqual((done.code, done.stderr), (0, ""))
        self.assertEqual((self.folder / "keys.log").read_bytes(), b"")

    def test_key_log_stays_where_the_run_cannot_start(self):
        self.write("keys.log", b"from an earlier run\n")
        self.refuses(["nowhere.pcap", "-k", KEY, "--keylog-out", "keys.log"], "nowhere.pcap", "no such file")
        self.assertEqual((self.folder / "keys.log").read_bytes(), b"from an earlier run\n")

    def test_key_log_must_not_replace_what_is_read(self):
        self.run_tlspeel(CAPTURE, "-k", KEY, "--keylog-out", "keys.log")
        log = (self.folder / "keys.log").read_bytes()
        (self.folder / "link.log").symlink_to("keys.log")
        for out in ("keys.log", "./keys.log", "link.log"):
            self.refuses([CAPTURE, "-l", "keys.log", "--keylog-out", out], out, "overwrite")
        self.refuses([CAPTURE, "-k", KEY, "-o", "out", "--keylog-out", "out"], "out", "overwrite")
        self.assertEqual((self.folder / "keys.log").read_bytes(), log)

    def test_files_for_others_must_not_replace_what_is_read_or_written(self):
        self.write("dump.pcap", CAPTURE.read_bytes())
        for option in ("--decrypted-pcap", "--with-secrets"):
            with self.subTest(option):
                self.refuses(["dump.pcap", "-k", KEY, option, "./dump.pcap"], "dump.pcap", "would overwrite")
                self.refuses(["dump.pcap", "-k", KEY, option, "out", "-o", "out"], "out", "would overwrite")
                self.refuses(["dump.pcap", "-k", KEY, option, "out", "--keylog-out", "./out"], "out", "would overwrite")
                self.refuses(["nowhere.pcap", "-k", KEY, option, "older"], "nowhere.pcap", "no such file")
                self.refuses([CAPTURE, "-k", KEY, option, "nowhere/out"], "nowhere/out", "no such file")
        self.refuses(["dump.pcap", "--decrypted-pcap", "out", "--with-secrets", "out"], "out", "would overwrite")
        self.assertEqual((self.folder / "dump.pcap").read_bytes(), CAPTURE.read_bytes())

    def test_files_for_others_stay_where_the_run_cannot_start(self):
        for option in ("--decrypted-pcap", "--with-secrets"):
            self.write("older", b"from an earlier run")
            self.refuses(["nowhere.pcap", "-k", KEY, option, "older"], "nowhere.pcap", "no such file")
            self.assertEqual((self.folder / "older").read_bytes(), b"from an earlier run")

    def test_disk_is_full_while_files_for_others_are_written(self):
        for option in ("--decrypted-pcap", "--with-secrets"):
            with self.subTest(option):
                done = self.run_tlspeel(CAPTURE, "-k", KEY, option, "/dev/full")
                self.assertEqual(done.code, 1, done)
                self.one_sentence(done.stderr, "/dev/full", "no space left")
                self.assertIn("HTTP/1.1 200", done.stdout)

    def test_disk_is_full_while_packets_wait(self):
        disk = self.folder / "disk"
        disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "none", disk], capture_output=True, check=False).returncode:
            self.skipTest("making a small disk needs root (mount)")
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        done = self.run_tlspeel(CAPTURE, "-k", KEY, "--with-secrets", "disk/out.pcapng")
        self.assertEqual(done.code, 1, done)
        self.one_sentence(done.stderr, "a temporary file in disk", "no space left")
        self.assertEqual([path.name for path in disk.iterdir()], ["out.pcapng"])

    def test_files_for_others_may_go_through_a_pipe(self):
        for option in ("--decrypted-pcap", "--with-secrets"):
            with self.subTest(option):
                self.run_tlspeel(CAPTURE, "-k", KEY, option, "out.pcapng")
                done = subprocess.run([TLSPEEL, CAPTURE, "-k", KEY, "-o", os.devnull, option, "/dev/stdout"], cwd=self.folder,
                                      stdin=subprocess.DEVNULL, capture_output=True, timeout=100, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, b""))
                self.assertEqual(done.stdout, (self.folder / "out.pcapng").read_bytes())

    def test_secrets_are_shown_only_where_they_are_asked_for(self):
        for form in ("text", "json"):
            plain = self.run_tlspeel(CAPTURE, "-k", KEY, "--format", form)
            with_log = self.run_tlspeel(CAPTURE, "-k", KEY, "--format", form, "--keylog-out", "keys.log")
            self.assertEqual(with_log.stdout, plain.stdout)

    def test_reader_goes_away(self):
        """A closed pipe is a normal end: nothing on stderr, exit code 0, as with every filter of this kind."""
        reading, writing = os.pipe()
        fcntl.fcntl(reading, 1031, 4096)  # F_SETPIPE_SZ: the output does not fit
        with subprocess.Popen([TLSPEEL, CAPTURE, "-k", KEY, "-v"], stdout=writing, stderr=subprocess.PIPE,
                              stdin=subprocess.DEVNULL) as process:
            os.close(writing)
            self.assertTrue(os.read(reading, 10))
            os.close(reading)
            stderr = process.stderr.read().decode()
            self.assertEqual((process.wait(60), stderr), (0, ""))

    # ---- options ----------------------------------------------------------------------------------------------------------------------

    def test_no_arguments(self):
        done = self.run_tlspeel()
        self.assertEqual(done.code, 2, done)
        self.assertIn("--help", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_unknown_option(self):
        self.refuses([CAPTURE, "--no-such-option"], "--no-such-option", ".")

    def test_unknown_format(self):
        self.refuses([CAPTURE, "--format", "interpretive-dance"], "interpretive-dance", "json")

    def test_bad_number(self):
        self.refuses([CAPTURE, "--threads", "many"], "many", "threads")

    def test_zero_threads(self):
        done = self.run_tlspeel(CAPTURE, "-k", KEY, "--threads", "0")
        self.assertIn(done.code, (0, 2), done)
        if done.code == 2:
            self.one_sentence(done.stderr, "threads", "0")

    def test_number_that_no_connection_has(self):
        for options in ((), ("--list",), ("--grep", "GET"), ("--explain",), ("--show", "http")):
            done = self.run_tlspeel(CAPTURE, "-k", KEY, "--connection", "99", *options)
            self.assertEqual((done.code, done.stderr), (0, ""), done)
            self.assertRegex(done.stdout, r"^no connection has such a number: \d+ connections? in this capture, #1", options)
            self.assertNotIn("no TLS", done.stdout, options)

    def test_nothing_fits_what_was_asked_for(self):
        for choice in (("--host", "nobody.example"), ("--url", "nobody"), ("--grep", "nobody-was-here"), ("--method", "BREW"), ("--status", "418")):
            for options in ((), ("--list",)):
                done = self.run_tlspeel(CAPTURE, "-k", KEY, *choice, *options)
                self.assertEqual((done.code, done.stderr), (0, ""), done)
                self.assertRegex(done.stdout, r"^0 of \d+ requests? chosen\n", choice)
                self.assertNotIn("no TLS", done.stdout, choice)

    def test_bad_filter(self):
        self.refuses([CAPTURE, "-f", "port of rotterdam"], "port of rotterdam", "filter")

    def test_help_and_version(self):
        for option, words in (("--help", r"(?s)--save-streams.*--color.*Exit status"), ("--version", r"^tlspeel \d+\.\d+\.\d+$")):
            done = self.run_tlspeel(option)
            self.assertEqual((done.code, done.stderr), (0, ""), done)
            self.assertRegex(done.stdout, words)
            self.assertTrue(all(char == "\n" or char.isprintable() for char in done.stdout), repr(done.stdout))

    # ---- colour -----------------------------------------------------------------------------------------------------------------------

    def test_colour_only_on_a_terminal(self):
        self.assertNotIn("\x1b", self.run_tlspeel(CAPTURE, "-k", KEY).stdout)
        self.assertIn("\x1b[", self.run_tlspeel(CAPTURE, "-k", KEY, "--color", "always").stdout)
        self.assertIn(b"\x1b[", self.on_terminal({}))
        self.assertNotIn(b"\x1b", self.on_terminal({"NO_COLOR": "1"}))

    def test_standard_input_is_shown_while_it_arrives(self):
        """The first connection stands on the screen before the capture ends."""
        data = CAPTURE.read_bytes()
        process = subprocess.Popen([TLSPEEL, "-", "-k", KEY], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(process.stdout.close)
        half = [start for start, _ in packets(data)][len(list(packets(data))) // 2]
        process.stdin.write(data[:half])
        process.stdin.flush()
        seen = read_until(process.stdout, b"HTTP/1.1 200", 20)
        self.assertIn(b"HTTP/1.1 200", seen)
        self.assertIsNone(process.poll())
        reader = threading.Thread(target=process.stdout.read)
        reader.start()
        process.stdin.write(data[half:])
        process.stdin.close()
        reader.join()
        self.assertEqual(process.wait(60), 0)

    def test_interrupt_ends_cleanly(self):
        """Ctrl-C on a live capture: what was read is shown, as tcpdump does."""
        process = subprocess.Popen([TLSPEEL, "-", "-k", KEY, "--order", "connection"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdin.write(CAPTURE.read_bytes())
        process.stdin.flush()
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        try:
            stdout, stderr = process.communicate(timeout=30)
        finally:
            process.kill()
        self.assertIn(b"HTTP/1.1 200", stdout)
        self.assertIn(process.returncode, (0, 1, -signal.SIGINT), stderr)

    def test_first_interrupt_waits_for_the_end_of_a_pipe(self):
        """Ctrl-C goes to all of `tcpdump -w - | tlspeel -`: what tcpdump still hands over is read, and files get their end."""
        data = CAPTURE.read_bytes()
        process = subprocess.Popen([TLSPEEL, "-", "-k", KEY, "--har", "out.har"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, cwd=self.folder)
        self.addCleanup(process.kill)
        half = [start for start, _ in packets(data)][len(list(packets(data))) // 2]
        process.stdin.write(data[:half])
        process.stdin.flush()
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(data[half:], timeout=60)
        self.assertEqual(process.returncode, 0)
        self.assertIn(b"interrupt again", stderr)
        self.assertIn(b" opened with server.key", stdout)
        self.assertRegex(stdout, rb"\n[1-9]\d* connections?: ")
        self.assertTrue(json.loads((self.folder / "out.har").read_bytes())["log"]["entries"])

    def test_second_interrupt_breaks_off(self):
        process = subprocess.Popen([TLSPEEL, "-", "-k", KEY], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE)
        self.addCleanup(process.kill)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdin.close)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        read_until(process.stderr, b"interrupt again", 20)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(60), -signal.SIGINT)

    # ---- standard error ---------------------------------------------------------------------------------------------------------------

    def test_stats(self):
        plain = self.run_tlspeel(CAPTURE, "-k", KEY, "--format", "json")
        counts = set()
        for threads in (1, 2, 4):
            done = self.run_tlspeel(CAPTURE, "-k", KEY, "--format", "json", "--stats", "--threads", threads)
            self.assertEqual((done.code, done.stdout), (0, plain.stdout))
            size = f"{CAPTURE.stat().st_size:,}"
            self.assertRegex(done.stderr, rf"^figures of this run:\n  read +{size} bytes, [1-9][\d,]* packets\n")
            self.assertRegex(done.stderr, r"\n  TLS records +[1-9]\d* \([1-9]\d* opened, 0 closed\)\n")
            self.assertRegex(done.stderr, r"\n  private keys +[1-9]\d* operations?\n")
            self.assertRegex(done.stderr, r"\n  memory +[1-9][\d.]* MB at most\n$")
            counts.add(done.stderr.partition("  time ")[0])
        self.assertEqual(len(counts), 1, counts)

    def test_stats_behind_the_complaints(self):
        self.write("cut.pcap", CAPTURE.read_bytes()[:-10])
        done = self.run_tlspeel("cut.pcap", "-k", KEY, "--stats")
        self.assertEqual(done.code, 1, done)
        self.assertRegex(done.stderr, r"^tlspeel: cut\.pcap: .*\nfigures of this run:\n")

    def test_progress_on_a_terminal(self):
        seen, stdout = self.slowly()
        self.assertIn(b"HTTP/1.1 200", stdout)
        self.assertRegex(seen, r"^\r[\d.]+ kB, [\d.]+ MB/s, \d+ connections?, 0:0\d so far")
        self.assertEqual(seen.rpartition("so far")[2].strip(" \r"), "")  # erased
        self.assertTrue(seen.endswith("\r"), seen)

    def test_progress_is_gone_before_anything_is_said(self):
        seen, _ = self.slowly(cut=10)
        self.assertRegex(seen, r"so far(\r[^\r]*)*\r +\rtlspeel: standard input: ")

    def test_no_progress_in_a_short_run(self):
        self.assertEqual(self.slowly(seconds=0)[0], "")

    def test_no_progress_where_the_output_goes_to_the_terminal(self):
        seen, _ = self.slowly(output_too=True)
        self.assertIn("HTTP/1.1 200", seen)
        self.assertNotIn("so far", seen)

    def test_progress_beside_an_output_file(self):
        seen, _ = self.slowly("-o", "out.txt", output_too=True)
        self.assertIn("so far", seen)
        self.assertIn("HTTP/1.1 200", (self.folder / "out.txt").read_text())

    def test_progress_never(self):
        self.assertEqual(self.slowly("--progress", "never")[0], "")

    def test_progress_always(self):
        self.assertEqual(self.run_tlspeel(CAPTURE, "-k", KEY).stderr, "")  # no terminal
        done = self.run_tlspeel(CAPTURE, "-k", KEY, "--progress", "always")
        self.assertEqual(done.code, 0, done)
        self.assertRegex(done.stderr, r"^\r[\d.]+ kB of [\d.]+ kB \(\d+%\), [\d.]+ MB/s, \d+ connections?, 0:00 left\r +\r$")

    # ---- helpers ----------------------------------------------------------------------------------------------------------------------

    def refuses(self, arguments, name, cause):
        """tlspeel could not run: exit code 2, nothing on stdout, one sentence."""
        done = self.run_tlspeel(*arguments)
        self.assertEqual(done.code, 2, done)
        self.assertEqual(done.stdout, "")
        self.one_sentence(done.stderr, name, cause)

    def one_sentence(self, stderr, name, cause):
        lines = stderr.rstrip("\n").split("\n")
        if lines[-1] == "Try: tlspeel --help":  # only after a mistake in the options
            lines.pop()
        self.assertEqual(len(lines), 1, f"one sentence was expected:\n{stderr}")
        self.assertTrue(lines[0].startswith("tlspeel: "), lines[0])
        self.assertIn(name, lines[0])
        self.assertRegex(lines[0].lower(), cause.lower())

    def run_tlspeel(self, *arguments, stdin=b"", stdout=subprocess.PIPE):
        done = subprocess.run([TLSPEEL, *map(str, arguments)], cwd=self.folder, input=stdin, stdout=stdout,
                              stderr=subprocess.PIPE, timeout=100, check=False)
        self.assertIn(done.returncode, (0, 1, 2, 3), done.stderr.decode(errors="replace"))
        return Done(done.returncode, (done.stdout or b"").decode(), done.stderr.decode())

    def on_terminal(self, environment):
        """What stands on a terminal of 100 columns."""
        master, slave = pty.openpty()
        variables = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        with subprocess.Popen([TLSPEEL, CAPTURE, "-k", KEY], stdin=subprocess.DEVNULL, stdout=slave, stderr=subprocess.DEVNULL,
                              env={**variables, "TERM": "xterm-256color", **environment}) as process:
            os.close(slave)
            seen = read_terminal(master)
            process.wait(60)
        os.close(master)
        return seen

    def slowly(self, *arguments, seconds=1.5, cut=0, output_too=False):
        """(what stands on the terminal to which standard error goes, standard output) where the capture pauses in its middle."""
        data = CAPTURE.read_bytes()
        data = data[:len(data) - cut]
        master, slave = pty.openpty()
        with subprocess.Popen([TLSPEEL, "-", "-k", KEY, *arguments], stdin=subprocess.PIPE, cwd=self.folder, stderr=slave,
                              stdout=slave if output_too else subprocess.PIPE) as process:
            os.close(slave)
            stdout = []
            reader = threading.Thread(target=lambda: stdout.append(b"" if output_too else process.stdout.read()))
            reader.start()
            feeder = threading.Thread(target=feed, args=(process.stdin, data, seconds))
            feeder.start()
            seen = read_terminal(master)
            feeder.join()
            reader.join()
            process.wait(60)
        os.close(master)
        return seen.decode(), stdout[0]

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def openssl(self, *arguments):
        subprocess.run(["openssl", *map(str, arguments)], cwd=self.folder, check=True, capture_output=True)

    def needs_ordinary_user(self):
        if os.geteuid() == 0:
            # root may read everything: become somebody else, for this test's process only.
            os.chmod(self.folder, 0o755)
            nobody = 65534
            for path in (pathlib.Path(TLSPEEL), CAPTURE):
                if not readable_by_all(path):
                    self.skipTest(f"{path} may not be read by an ordinary user")
            original = self.run_tlspeel

            def as_nobody(*arguments):
                done = subprocess.run(["setpriv", f"--reuid={nobody}", f"--regid={nobody}", "--clear-groups", TLSPEEL,
                                       *map(str, arguments)], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True,
                                      timeout=100, check=False)
                return Done(done.returncode, done.stdout.decode(), done.stderr.decode())
            self.run_tlspeel = as_nobody
            self.addCleanup(setattr, self, "run_tlspeel", original)


class Done:
    def __init__(self, code, stdout, stderr):
        self.code, self.stdout, self.stderr = code, stdout, stderr

    def __str__(self):
        return f"exit code {self.code}\n--- stderr\n{self.stderr}\n--- stdout\n{self.stdout[:2000]}"


def readable_by_all(path):
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents) and bool(path.stat().st_mode & 0o004)


def read_terminal(master):
    """What is written to a pseudo terminal until its other side is closed."""
    seen = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # Linux says EIO when the other side is closed
            return seen
        if not part:
            return seen
        seen += part


def feed(stream, data, seconds):
    stream.write(data[:len(data) // 2])
    stream.flush()
    time.sleep(seconds)
    stream.write(data[len(data) // 2:])
    stream.close()


def first_block(text):
    """The handshake of the first connection: from its first message to the first empty line."""
    return re.search(r"^.*ClientHello.*?(?=\n\n)", text, re.S | re.M).group(0)


def packets(data):
    """(offset of the packet's header, captured length) of a little-endian pcap file."""
    at = FILE_HEADER
    while at + RECORD_HEADER <= len(data):
        captured = struct.unpack_from("<I", data, at + 8)[0]
        yield at, captured
        at += RECORD_HEADER + captured


def as_pcapng(data, secrets):
    """A little-endian pcap file as pcapng, with a Decryption Secrets Block that holds a TLS key log behind the packets."""
    def block(kind, body):
        body += bytes(-len(body) % 4)
        return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)
    out = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + block(1, struct.pack("<HHI", data[20], 0, 0))
    secrets_block = block(10, struct.pack("<II", 0x544C534B, len(secrets)) + secrets)
    packet_blocks = []
    for at, captured in packets(data):
        seconds, fraction, _, original = struct.unpack_from("<IIII", data, at)
        time_us = seconds * 1000000 + fraction
        packet_blocks.append(block(6, struct.pack("<IIIII", 0, time_us >> 32, time_us & 0xFFFFFFFF, captured, original) +
                                   data[at + RECORD_HEADER:at + RECORD_HEADER + captured]))
    return out + b"".join(packet_blocks[:-1]) + secrets_block + packet_blocks[-1]


def with_snap_length(data, length):
    """The same capture as `tcpdump -s LENGTH` writes it."""
    out = bytearray(data[:FILE_HEADER])
    struct.pack_into("<I", out, 16, length)
    for at, captured in packets(data):
        kept = min(captured, length)
        header = bytearray(data[at:at + RECORD_HEADER])
        struct.pack_into("<I", header, 8, kept)
        out += header + data[at + RECORD_HEADER:at + RECORD_HEADER + kept]
    return bytes(out)


def read_until(stream, words, seconds):
    seen, deadline = b"", time.monotonic() + seconds
    while words not in seen and time.monotonic() < deadline:
        if select.select([stream], [], [], 0.1)[0]:
            part = os.read(stream.fileno(), 65536)
            if not part:
                break
            seen += part
    return seen


if __name__ == "__main__":
    if len(sys.argv) < 2 or not shutil.which(sys.argv[1]):
        sys.exit("trouble.py: which tlspeel?")
    TLSPEEL = str(pathlib.Path(sys.argv[1]).resolve())
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
