set(tls_registry_sources
  cipher_suites.cpp
  registry/record_registry.cpp
  registry/handshake_registry.cpp
  registry/extension_registry.cpp
  registry/group_registry.cpp
  registry/signature_registry.cpp)
