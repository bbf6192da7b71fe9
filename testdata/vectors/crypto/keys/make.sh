#!/bin/sh
# Makes the encrypted key files and those of every kind of key anew, with the openssl command. The password is
# always "secret"; where a name says "utf8" it is "schlüssel". Files that the other tests compare with one another
# (rsa*, certificate*, public*, request*, openssh.pem, damaged.pem) stay as they are.
set -eu
cd "$(dirname "$0")"
rsa=rsa2048_pkcs8.pem

# PKCS#8 (RFC 5958) under PBES2, PBES1 and the key derivations of PKCS#12 and scrypt.
for cipher in aes-128-cbc aes-256-cbc des3 camellia-256-cbc aria-256-cbc; do
  openssl pkcs8 -topk8 -in $rsa -v2 $cipher -passout pass:secret -out "pbes2_$cipher.pem"
done
openssl pkcs8 -topk8 -in $rsa -v2 aes-256-cbc -v2prf hmacWithSHA512 -passout pass:secret -out pbes2_sha512.pem
openssl pkcs8 -topk8 -in $rsa -scrypt -scrypt_N 1024 -passout pass:secret -out scrypt.pem
for scheme in PBE-MD5-DES PBE-SHA1-DES PBE-SHA1-RC4-128 PBE-SHA1-3DES PBE-SHA1-RC2-128 PBE-SHA1-RC2-40; do
  openssl pkcs8 -topk8 -in $rsa -v1 $scheme -provider default -provider legacy -passout pass:secret -out "$scheme.pem"
done
openssl pkcs8 -topk8 -in $rsa -v2 aes-256-cbc -passout pass:schlüssel -out pbes2_utf8.pem
openssl pkcs8 -topk8 -in rsa1024_pkcs1.pem -passout pass:secret -out encrypted_pkcs8.pem
openssl pkcs8 -topk8 -in rsa1024_pkcs1.pem -passout pass:secret -outform DER -out encrypted_pkcs8.der

# The traditional form, with Proc-Type and DEK-Info.
for cipher in des des3 aes128 aes256 camellia128 aria256 seed; do
  openssl rsa -in $rsa -$cipher -traditional -provider default -provider legacy -passout pass:secret \
    -out "traditional_$cipher.pem"
done
openssl rsa -in rsa1024_pkcs1.pem -aes256 -traditional -passout pass:secret -out encrypted_pkcs1.pem

# Other kinds of keys.
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out ec_p384_pkcs8.pem
openssl ec -in ec_p384_pkcs8.pem -out ec_p384_sec1.pem
openssl ec -in ec_p384_pkcs8.pem -outform DER -out ec_p384_sec1.der
openssl ec -in ec_p384_pkcs8.pem -aes128 -passout pass:secret -out ec_p384_sec1_encrypted.pem
openssl ec -in ec_p384_pkcs8.pem -param_enc explicit -out ec_explicit.pem
{ openssl ecparam -name secp384r1 && cat ec_p384_sec1.pem; } >ec_with_parameters.pem
openssl genpkey -algorithm DH -pkeyopt group:ffdhe2048 -out dh.pem
openssl pkey -in dh.pem -outform DER -out dh.der
openssl genpkey -algorithm DHX -pkeyopt dh_rfc5114:2 -out dhx.pem
for kind in x25519 x448 ed448; do
  openssl genpkey -algorithm $kind -out $kind.pem
  openssl pkey -in $kind.pem -outform DER -out $kind.der
done
openssl pkcs8 -topk8 -in x25519.pem -passout pass:secret -out x25519_encrypted.pem
openssl genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 -out dsa.tmp
openssl genpkey -paramfile dsa.tmp -out dsa.pem
rm dsa.tmp
openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:1024 -out rsa_pss.pem
openssl pkey -in x25519.pem -pubout -out x25519_public.pem

# PKCS#12 (RFC 7292).
p12() {
  out=$1
  shift
  openssl pkcs12 -export -inkey rsa1024_pkcs1.pem -in certificate.pem -out "$out" "$@"
}
p12 password.p12 -passout pass:secret
p12 no_password.p12 -passout pass:
p12 legacy.p12 -legacy -passout pass:secret
p12 sha512_mac.p12 -macalg sha512 -passout pass:secret
p12 no_mac.p12 -nomac -passout pass:secret
p12 unencrypted.p12 -keypbe NONE -certpbe NONE -passout pass:secret
p12 unencrypted_no_mac.p12 -keypbe NONE -certpbe NONE -nomac -passout pass:
p12 utf8.p12 -passout pass:schlüssel
openssl pkcs12 -export -nokeys -in certificate.pem -passout pass:secret -out certificates_only.p12
openssl pkcs12 -export -inkey ec_p384_pkcs8.pem -nocerts -passout pass:secret -out ec_key_only.p12
