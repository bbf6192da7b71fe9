#!/usr/bin/env bash
# Installs what the given groups need and this machine lacks; asks nothing, starts no service, does nothing when all is there.
#   tests/setup.sh GROUP...
#     build     compiler, CMake and the libraries
#     test      GoogleTest, and the servers, clients and capture programs that the tests hold tlspeel against
#     check     clang and clang-tidy, for the second compiler, the fuzz targets and the checks
#     bench     Google Benchmark, and the programs that tlspeel is timed beside
#     captures  what testdata/captures/make.sh needs to make the sample captures anew
# Needs root or sudo, and only where something is missing.
set -euo pipefail

packages_of() {
  case $1 in
    build) echo g++ cmake ninja-build pkg-config libpcap-dev libssl-dev libgcrypt20-dev libcli11-dev libfmt-dev libexpected-dev libmimalloc-dev \
      nlohmann-json3-dev zlib1g-dev libbrotli-dev libzstd-dev liblzma-dev libbz2-dev liblz4-dev libnghttp2-dev libre2-dev ;;
    test) echo ca-certificates git libgtest-dev libgmock-dev python3 python3-jsonschema node-har-schema chromium openssl curl wget tcpdump tshark ssldump \
      gnutls-bin libnss3-tools apache2-bin nginx-light nghttp2-server nghttp2-client media-types iproute2 util-linux procps clang-format shellcheck \
      softhsm2 opensc libengine-pkcs11-openssl python3-grpcio nghttp2-proxy stunnel4 socat \
      redis-server redis-tools mosquitto mosquitto-clients ;;
    check) echo clang clang-tidy clang-format libclang-rt-14-dev ;;
    bench) echo libbenchmark-dev openssl curl python3 tcpdump tshark ssldump gnutls-bin libnss3-tools nginx-light iproute2 util-linux ;;
    captures) echo python3 python3-websockets python3-grpcio python3-cryptography python3-pycryptodome openssl curl wget tcpdump tshark gnutls-bin libnss3-tools \
      apache2-bin nginx-light nghttp2-server nghttp2-client nghttp2-proxy stunnel4 socat media-types chromium iproute2 nftables util-linux gzip zstd xz-utils lz4 bzip2 lzip brotli ncompress netpbm webp \
      postfix dovecot-core dovecot-imapd dovecot-pop3d dovecot-lmtpd dovecot-managesieved vsftpd slapd postgresql mariadb-server prosody \
      inn2 inspircd irssi xrdp freerdp2-x11 xvfb bsdutils haproxy squid-openssl microsocks openssh-server openssh-client \
      redis-server redis-tools mosquitto mosquitto-clients ;;
    *)
      echo "setup.sh: there is no group '$1'; there are build, test, check, bench, captures" >&2
      return 2
      ;;
  esac
}

# Another package may stand in for one that is asked for: nginx is there when nginx-full is.
present() {
  local state
  state=$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) && [[ $state == installed ]] && return 0
  [[ $1 == nginx-light && -x /usr/sbin/nginx ]]
}

as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  else
    sudo "$@"
  fi
}

# The services that start when the machine does.
started_at_boot() {
  {
    ! command -v systemctl >/dev/null || systemctl --root=/ list-unit-files --type=service --state=enabled --no-legend | sed -n 's/\.service .*//p'
    ! cd /etc/rc2.d || printf '%s\n' S* | sed 's/^S[0-9]*//'
  } 2>/dev/null | sort -u
}

# Packages of servers start their service when they are installed; the tests run their own copies on ports of their own.
install_without_services() {
  local policy=/usr/sbin/policy-rc.d made=no named=() before service
  before=$(started_at_boot)
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
    made=yes
  fi
  # inn2 cannot be set up where the machine's name has no domain.
  [[ " $* " != *" inn2 "* || $(uname -n) == *.* ]] || named=(unshare --uts sh -c "hostname '$(uname -n).example.com' && exec \"\$@\"" sh)
  local status=0
  as_root "${named[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" </dev/null || status=$?
  [[ $made == no ]] || as_root rm -f "$policy"
  # Nor shall a server that came with the tests start at the next boot.
  if command -v systemctl >/dev/null; then
    while read -r service; do
      as_root systemctl disable "$service.service" </dev/null >/dev/null 2>&1 || true
    done < <(comm -13 <(echo "$before") <(started_at_boot))
  fi
  return $status
}

main() {
  local group package wanted missing=()
  [[ $# -gt 0 ]] || set -- build test
  for group in "$@"; do
    wanted=$(packages_of "$group") || return 2
    for package in $wanted; do
      if ! command -v dpkg-query >/dev/null; then
        echo "setup.sh: this is not Debian, so nothing is installed; group $group is: $wanted" >&2
        break
      fi
      [[ " ${missing[*]-} " == *" $package "* ]] || present "$package" || missing+=("$package")
    done
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0

  echo "installing: ${missing[*]}"
  if [[ $(id -u) != 0 ]] && ! command -v sudo >/dev/null; then
    echo "setup.sh: missing ${missing[*]}; run this as root once, or install sudo" >&2
    return 1
  fi
  local log
  log=$(mktemp)
  if ! { as_root apt-get update -q </dev/null && install_without_services "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    echo "setup.sh: apt-get failed; the end of its output stands above, all of it in $log" >&2
    return 1
  fi
  rm -f "$log"
}

main "$@"
