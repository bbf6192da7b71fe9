set(tls_messages_tests
  messages/summary.cpp
  messages/vector_file.cpp
  messages/vectors_test.cpp
  messages/caps_test.cpp
  messages/dispatch_test.cpp
  registry/registry_test.cpp
  registry/cipher_suites_test.cpp)
