#pragma once
// The plain functions of SHA-256 have been out of favour since OpenSSL 3.0; see below.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

/// The SHA-256 of some bytes. Unlike their successors, these functions cannot fail: they allocate
/// nothing, look nothing up, read no configuration, and need no part of the library to be set up.
static inline void CRYPTOsha256(const void *bytes, size_t count, unsigned char *digest) {
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Update(&state, bytes, count);
  SHA256_Final(digest, &state);
}
