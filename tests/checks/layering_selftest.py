#!/usr/bin/env python3
"""The layering check must find what it is there for: every rule is broken once in a small tree of its own."""
import pathlib
import tempfile
import unittest

import layering

CLEAN = {
    "CMakeLists.txt": "",
    "src/CMakeLists.txt": "",
    "src/base/CMakeLists.txt": "tlspeel_module(base SOURCES a.cpp DEPS fmt::fmt)",
    "src/base/a.cpp": '#include "tlspeel/base/a.hpp"\n#include "base/own.hpp"\n#include "own.hpp"\n#include <array>\n',
    "include/tlspeel/base/a.hpp": "#pragma once\n",
    "src/net/CMakeLists.txt": "# tcp\ntlspeel_module(net\n  SOURCES a.cpp\n  DEPS tlspeel::base)",
    "src/net/a.cpp": '// #include "tlspeel/tls/a.hpp"\n/* #include <thread>\n*/ #include "tlspeel/base/a.hpp"\n'
                     'const char* s = "reinterpret_cast";\n',
    "src/secrets/CMakeLists.txt": "tlspeel_module(secrets SOURCES session_cache.cpp DEPS Threads::Threads)",
    "src/secrets/session_cache.cpp": "#include <mutex>\n",
    "src/package/tlspeelConfig.cmake.in": "",
}


class Layering(unittest.TestCase):
    def breaches_with(self, path=None, text=""):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, content in {**CLEAN, **({path: text} if path else {})}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(content)
            return layering.breaches(root)

    def finds(self, expected, path, text):
        found = self.breaches_with(path, text)
        self.assertEqual(len(found), 1, found)
        self.assertIn(expected, found[0])

    def test_a_clean_tree_passes(self):
        self.assertEqual(self.breaches_with(), [])

    def test_include_of_a_higher_layer(self):
        self.finds("src/base/b.cpp:2: base may not use net", "src/base/b.cpp", '\n#include "tlspeel/net/a.hpp"\n')

    def test_include_of_a_higher_layer_in_a_public_header(self):
        self.finds("base may not use net", "include/tlspeel/base/b.hpp", '#include "tlspeel/net/a.hpp"\n')

    def test_include_of_a_private_header_of_another_layer(self):
        self.finds("private to base", "src/net/b.cpp", '#include "base/own.hpp"\n')

    def test_include_that_climbs(self):
        self.finds("does not climb", "src/net/b.cpp", '#include "../base/own.hpp"\n')

    def test_include_of_an_unknown_layer(self):
        self.finds("no such layer", "src/net/b.cpp", '#include "tlspeel/nets/a.hpp"\n')

    def test_folder_that_is_no_layer(self):
        self.finds("no such layer", "src/util/b.cpp", "")

    def test_foreign_libraries(self):
        for header in ("openssl/evp.h", "pcap/pcap.h", "pcap.h", "CLI/CLI.hpp", "nlohmann/json.hpp"):
            with self.subTest(header):
                self.finds(f"<{header}>", "src/net/b.cpp", f"#include <{header}>\n")

    def test_threads_below_pipeline(self):
        for header in ("thread", "mutex", "atomic", "condition_variable"):
            with self.subTest(header):
                self.finds(f"<{header}>", "src/net/b.cpp", f"# include <{header}>\n")
        self.finds("<mutex>", "src/secrets/psks.cpp", "#include <mutex>\n")

    def test_input_and_output_in_a_parser(self):
        self.finds("<fstream>", "src/net/b.cpp", "#include <fstream>\n")
        self.finds("does I/O", "src/net/b.cpp", 'std::printf("hello");\n')
        self.assertEqual(self.breaches_with("src/net/b.cpp", '#include "tlspeel/base/a.hpp"\nstd::snprintf(a, 2, "x");\n'), [])

    def test_cast_of_untrusted_bytes(self):
        self.finds("src/net/b.cpp:1", "src/net/b.cpp", "auto* p = reinterpret_cast<const char*>(q);\n")

    def test_dependency_on_a_higher_layer(self):
        found = self.breaches_with("src/base/CMakeLists.txt", "tlspeel_module(base SOURCES a.cpp DEPS tlspeel::net)")
        self.assertIn("base may not link net", found[0])

    def test_dependency_that_is_not_named(self):
        self.finds("does not name it in DEPS", "src/net/CMakeLists.txt", "tlspeel_module(net SOURCES a.cpp DEPS fmt::fmt)")

    def test_dependency_that_is_not_used(self):
        self.finds("does not use it", "src/secrets/CMakeLists.txt", "tlspeel_module(secrets SOURCES a.cpp DEPS tlspeel::base)")

    def test_dependency_on_a_foreign_library(self):
        self.finds("may not link OpenSSL::Crypto", "src/net/CMakeLists.txt",
                   "tlspeel_module(net SOURCES a.cpp DEPS tlspeel::base OpenSSL::Crypto)")

    def test_dependency_added_outside_of_the_helper(self):
        found = self.breaches_with("src/net/CMakeLists.txt", "tlspeel_module(net SOURCES a.cpp DEPS tlspeel::base)\n"
                                   "target_link_libraries(tlspeel_net PRIVATE tlspeel::tls)")
        self.assertIn("net may not link tls", found[0])

    def test_stray_file_at_the_top(self):
        self.finds("does not belong", "notes.txt", "")


if __name__ == "__main__":
    unittest.main()
