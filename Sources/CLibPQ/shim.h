#pragma once
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <postgresql/libpq-fe.h>

/// Whether the certificates that the server has shown are of today: 1 when one of them has expired,
/// -1 when one is not valid yet, 0 for neither, and when there is nothing to be looked at.
static inline int PQcertificateAge(PGconn *connection) {
  SSL *session = (SSL *)PQsslStruct(connection, "OpenSSL");
  STACK_OF(X509) *chain = session ? SSL_get_peer_cert_chain(session) : NULL;
  for (int index = 0; chain && index < sk_X509_num(chain); index++) {
    X509 *certificate = sk_X509_value(chain, index);
    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) return 1;
    if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0) return -1;
  }
  return 0;
}
