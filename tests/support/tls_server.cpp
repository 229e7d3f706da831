#include "tests/support/tls_server.hpp"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <functional>
#include <stdexcept>

namespace hashprice::fake {
namespace {

template <class T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

std::string pem_of(const std::function<int(BIO*)>& write) {
    const Owned<BIO> bio(BIO_new(BIO_s_mem()), [](BIO* b) { BIO_free(b); });
    write(bio.get());
    char* text = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

struct Identity {
    std::string key;
    std::string certificate;
};

Identity make_identity(const std::string& subject, TlsServer::Validity validity) {
    const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    const Owned<X509> certificate(X509_new(), &X509_free);
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), validity.from_s);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), validity.to_s);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* name = X509_get_subject_name(certificate.get());
    const auto* common = reinterpret_cast<const unsigned char*>("throwaway");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common, -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    const Owned<X509_EXTENSION> names(
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, subject.c_str()),
        &X509_EXTENSION_free);
    X509_add_ext(certificate.get(), names.get(), -1);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    return {pem_of([&](BIO* bio) {
                return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr,
                                                nullptr);
            }),
            pem_of([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate.get()); })};
}

// The signature is microhttpd's. NOLINTNEXTLINE(readability-function-size)
MHD_Result on_request(void*, MHD_Connection* connection, const char*, const char*, const char*,
                      const char*, size_t*, void**) {
    std::string body = "{}";
    MHD_Response* response =
        MHD_create_response_from_buffer(body.size(), body.data(), MHD_RESPMEM_MUST_COPY);
    const MHD_Result queued = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return queued;
}

}  // namespace

struct TlsServer::Server {
    Identity identity;
    MHD_Daemon* daemon = nullptr;
    std::uint16_t port = 0;
};

TlsServer::TlsServer(const std::string& subject, Validity validity)
    : server_(std::make_unique<Server>()) {
    server_->identity = make_identity(subject, validity);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server_->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_TLS, 0, nullptr, nullptr, &on_request, nullptr,
        MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_HTTPS_MEM_KEY, server_->identity.key.c_str(),
        MHD_OPTION_HTTPS_MEM_CERT, server_->identity.certificate.c_str(), MHD_OPTION_END);
    if (server_->daemon == nullptr) throw std::runtime_error("no TLS server");
    server_->port = MHD_get_daemon_info(server_->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

TlsServer::~TlsServer() { MHD_stop_daemon(server_->daemon); }

std::string TlsServer::url() const {
    return "https://127.0.0.1:" + std::to_string(server_->port) + "/";
}

const std::string& TlsServer::certificate_pem() const { return server_->identity.certificate; }

}  // namespace hashprice::fake
