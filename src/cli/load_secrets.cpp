#include "load_secrets.hpp"

#include <utility>

#include "tlspeel/secrets/passwords.hpp"

namespace tlspeel::cli {

Result<secrets::Store> load_secrets(const Options& options, bool may_ask) {
  secrets::Config config;
  config.key_paths = options.keys;
  config.keylog_paths = options.keylogs;
  config.psks = options.psks;
  config.psk_paths = options.psk_files;
  config.ticket_key_paths = options.ticket_keys;
  auto passwords = secrets::make_password_source({options.password_file, options.password_env, may_ask});
  if (!passwords) return tl::unexpected<Error>(passwords.error());
  config.password = *std::move(passwords);
  return secrets::Store::load(config);
}

}  // namespace tlspeel::cli
