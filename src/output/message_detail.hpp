// Every field of a TLS message, below its line: what -v adds. Peer text is made safe here.
#pragma once

#include "tlspeel/event/event.hpp"

#include "output/lines.hpp"

namespace tlspeel::output {

void append_message_detail(Lines& lines, PacketRef at, const event::TlsMessage& message);
// Shared with EncryptedExtensions, certificates and tickets.
void append_extensions(Lines& lines, const event::Extensions& extensions);
void append_certificate(Lines& lines, const event::CertificateInfo& certificate, std::size_t number);
// "0x002f  TLS_RSA_WITH_AES_128_CBC_SHA"
std::string code_text(const event::CodePoint& code, int digits);

}  // namespace tlspeel::output
