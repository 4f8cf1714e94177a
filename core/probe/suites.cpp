#include "core/probe/clienthello.h"

// Numbers from the IANA registry "TLS Cipher Suites". Strong ones first, which changes nothing
// about what is found: whatever a server picks proves the version.
namespace probe {

namespace {

/// Suites that exist since SSL 3 or came with AES and Camellia: usable in every version below 1.3.
const std::vector<quint16> &legacySuites()
{
    static const std::vector<quint16> suites{
        // ECDHE with AES, Camellia-free: ECDSA and RSA
        0xc00a,
        0xc014,
        0xc009,
        0xc013,
        // DHE with AES: RSA and DSS
        0x0039,
        0x0038,
        0x0033,
        0x0032,
        // RSA with AES; ECDH with a static key
        0x0035,
        0x002f,
        0xc00f,
        0xc005,
        0xc00e,
        0xc004,
        // Camellia and SEED, IDEA
        0x0088,
        0x0087,
        0x0084,
        0x0045,
        0x0044,
        0x0041,
        0x009a,
        0x0099,
        0x0096,
        0x0007,
        // 3DES
        0xc008,
        0xc012,
        0x0016,
        0x0013,
        0x000a,
        0xc00d,
        0xc003,
        // RC4
        0xc007,
        0xc011,
        0x0005,
        0x0004,
        0xc00c,
        0xc002,
        // single DES
        0x0015,
        0x0012,
        0x0009,
        // without authentication
        0xc019,
        0xc018,
        0xc017,
        0xc016,
        0x003a,
        0x0034,
        0x001b,
        0x0018,
        0x0046,
        0x0089,
        // without encryption
        0xc006,
        0xc010,
        0xc015,
        0x0002,
        0x0001,
    };
    return suites;
}

/// Only TLS 1.2 knows these: AEAD and CBC with SHA-2.
const std::vector<quint16> &tls12OnlySuites()
{
    static const std::vector<quint16> suites{
        // ECDHE with GCM and ChaCha20
        0xc02c,
        0xc030,
        0xcca9,
        0xcca8,
        0xc02b,
        0xc02f,
        // DHE with GCM, ChaCha20; RSA with GCM
        0x009f,
        0x00a3,
        0xccaa,
        0x009e,
        0x00a2,
        0x009d,
        0x009c,
        // CCM
        0xc0ad,
        0xc0af,
        0xc0ac,
        0xc0ae,
        0xc09f,
        0xc09e,
        0xc09d,
        0xc09c,
        0xc0a1,
        0xc0a0,
        // CBC with SHA-2
        0xc024,
        0xc028,
        0xc023,
        0xc027,
        0x006b,
        0x006a,
        0x0067,
        0x0040,
        0x003d,
        0x003c,
        // ECDH with a static key
        0xc02e,
        0xc032,
        0xc02d,
        0xc031,
        0xc026,
        0xc02a,
        0xc025,
        0xc029,
        // ARIA and Camellia with SHA-2
        0xc05d,
        0xc061,
        0xc05c,
        0xc060,
        0xc077,
        0xc073,
        0xc076,
        0xc072,
        0x00c4,
        0x00c0,
        0x00be,
        0x00ba,
        // without authentication, without encryption
        0x00a7,
        0x00a6,
        0x006d,
        0x006c,
        0x003b,
    };
    return suites;
}

std::vector<quint16> joined(const std::vector<quint16> &first, const std::vector<quint16> &second)
{
    std::vector<quint16> all = first;
    all.insert(all.end(), second.begin(), second.end());
    return all;
}

} // namespace

const std::vector<quint16> &offeredSuites(model::TlsVersion version)
{
    static const std::vector<quint16> tls12 = joined(tls12OnlySuites(), legacySuites());
    static const std::vector<quint16> tls13{0x1302, 0x1303, 0x1301, 0x1304, 0x1305};
    switch (version) {
    case model::TlsVersion::Tls13:
        return tls13;
    case model::TlsVersion::Tls12:
        return tls12;
    case model::TlsVersion::Ssl3:
    case model::TlsVersion::Tls10:
    case model::TlsVersion::Tls11:
        break;
    }
    return legacySuites();
}

} // namespace probe
