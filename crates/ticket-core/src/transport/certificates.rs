//! The certificates to trust: those of the system and those of the settings. Environment variables are not read.

use std::path::Path;
use std::sync::Arc;
use std::{fmt, fs, io};

use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::TransportConfig;
use crate::{Error, ErrorKind};

/// Files with all certificates of a system. The first usable one is read.
const BUNDLES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Arch, Gentoo
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // Fedora, RHEL
    "/etc/pki/tls/certs/ca-bundle.crt",   // older RHEL
    "/etc/ssl/ca-bundle.pem",             // SUSE
    "/etc/ssl/cert.pem",                  // Alpine, OpenBSD
    "/usr/local/etc/ssl/cert.pem",        // FreeBSD
    "/usr/local/share/certs/ca-root-nss.crt", // older FreeBSD
    "/data/data/com.termux/files/usr/etc/tls/cert.pem", // Termux
];
/// Directories of systems with one file for each certificate.
const DIRECTORIES: &[&str] = &["/etc/ssl/certs", "/etc/pki/tls/certs", "/usr/local/share/certs"];
/// The first bytes of text in UTF-16.
const UTF_16: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

/// Certificates of trusted authorities.
///
/// ```no_run
/// use ticket_core::transport::{RootCertificates, TransportConfig};
///
/// let company = RootCertificates::from_pem(&std::fs::read("company.pem")?)?;
/// let settings = TransportConfig { root_certificates: vec![company], ..TransportConfig::default() };
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct RootCertificates(Vec<CertificateDer<'static>>);

/// The reason why a file has no usable certificates. `Display` continues a sentence that begins with the name of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidCertificates(&'static str);

impl fmt::Display for InvalidCertificates {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl std::error::Error for InvalidCertificates {}

impl RootCertificates {
    /// Parses one or more certificates in PEM. A byte order mark and indented lines are accepted.
    ///
    /// # Errors
    /// If there is no certificate, or a PEM section is damaged.
    pub fn from_pem(bytes: &[u8]) -> Result<Self, InvalidCertificates> {
        if bytes.trim_ascii().is_empty() {
            return Err(InvalidCertificates("is empty"));
        }
        if UTF_16.iter().any(|mark| bytes.starts_with(mark)) {
            return Err(InvalidCertificates("is in UTF-16: save it as UTF-8"));
        }
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let lines: Vec<_> = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).collect();
        let certificates: Result<Vec<_>, _> =
            CertificateDer::pem_slice_iter(&lines.join(&b'\n')).collect();
        let certificates =
            certificates.map_err(|_| InvalidCertificates("has a damaged PEM section"))?;
        let usable = |certificates: &[CertificateDer<'static>]| {
            RootCertStore::empty().add_parsable_certificates(certificates.iter().cloned()).0 > 0
        };
        if usable(&certificates) {
            Ok(Self(certificates))
        } else if !certificates.is_empty() {
            Err(InvalidCertificates("has no certificate that can be parsed"))
        } else if usable(&[CertificateDer::from(bytes.to_vec())]) {
            Err(InvalidCertificates(
                "is in DER: convert it with `openssl x509 -inform der -in FILE -out FILE.pem`",
            ))
        } else {
            Err(InvalidCertificates(
                "has no certificate: each one begins with -----BEGIN CERTIFICATE-----",
            ))
        }
    }

    /// Reads the certificates of all files in a directory. Files without certificates are skipped.
    ///
    /// # Errors
    /// If the directory cannot be read.
    pub fn from_directory(directory: &Path) -> io::Result<Self> {
        let mut all = Vec::new();
        for entry in fs::read_dir(directory)? {
            let path = entry?.path();
            // `fs::metadata` follows links, which are usual here. Opening a pipe would wait for a writer.
            let is_file = fs::metadata(&path).is_ok_and(|about| about.is_file());
            let bytes = is_file.then(|| fs::read(&path).ok()).flatten();
            let found = bytes.and_then(|bytes| Self::from_pem(&bytes).ok());
            all.extend(found.into_iter().flat_map(|found| found.0));
        }
        // Several links may lead to one certificate.
        all.sort_unstable_by(|one, other| one.as_ref().cmp(other.as_ref()));
        all.dedup();
        Ok(Self(all))
    }

    /// Returns whether there is no certificate.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads the certificates of the system; returns none if none of the usual paths exists.
    fn of_system() -> Vec<Self> {
        let bundle = |path: &&str| Self::from_pem(&fs::read(path).ok()?).ok();
        match BUNDLES.iter().find_map(bundle) {
            Some(bundle) => vec![bundle],
            None => DIRECTORIES
                .iter()
                .filter_map(|directory| Self::from_directory(Path::new(directory)).ok())
                .collect(),
        }
    }
}

/// Returns the TLS configuration for these settings.
///
/// # Errors
/// If no certificate would be trusted.
pub(super) fn tls(settings: &TransportConfig) -> Result<ClientConfig, Error> {
    let provider = Arc::new(default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .expect("the provider has the default protocol versions");
    let own = settings.root_certificates.iter().flat_map(|it| it.0.iter().cloned());
    #[cfg(any(windows, target_vendor = "apple"))]
    if settings.system_certificates {
        // The system verifies certificates itself.
        let verifier = rustls_platform_verifier::Verifier::new_with_extra_roots(own, provider)
            .map_err(|error| {
                let message = "the certificates of the system cannot be used";
                Error::new(ErrorKind::Configuration, message).with_source(error)
            })?;
        let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
        return Ok(http_1(builder.with_no_client_auth()));
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(own);
    if settings.system_certificates {
        for certificates in RootCertificates::of_system() {
            roots.add_parsable_certificates(certificates.0);
        }
    }
    if roots.is_empty() {
        return Err(Error::new(ErrorKind::Configuration, "no trusted certificates found")
            .with_hint(
                "install the certificates of the system (package ca-certificates), or set ca_file or SSL_CERT_FILE to a PEM file",
            ));
    }
    Ok(http_1(builder.with_root_certificates(roots).with_no_client_auth()))
}

/// Offers only HTTP/1.1.
fn http_1(mut config: ClientConfig) -> ClientConfig {
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    use super::RootCertificates;

    #[test]
    fn parses_every_layout_of_pem_and_rejects_other_files() {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let (pem, der) = (made.cert.pem(), made.cert.der().to_vec());
        let indented = format!("    {}", pem.replace('\n', "\n    "));
        let windows = pem.replace('\n', "\r\n");
        let twice = format!("# ours\n{pem}\n{pem}");
        let key = made.signing_key.serialize_pem();
        let mut utf_16 = vec![0xff, 0xfe];
        utf_16.extend(pem.encode_utf16().flat_map(u16::to_le_bytes));
        let nonsense = STANDARD.encode("no certificate");
        let nonsense =
            format!("-----BEGIN CERTIFICATE-----\n{nonsense}\n-----END CERTIFICATE-----\n");
        for (bytes, expected) in [
            (pem.as_bytes(), Ok(1)),
            (format!("\u{feff}{pem}").as_bytes(), Ok(1)),
            (indented.as_bytes(), Ok(1)),
            (windows.as_bytes(), Ok(1)),
            (twice.as_bytes(), Ok(2)),
            (b" \n", Err("is empty")),
            (&der, Err("is in DER: convert it with `openssl x509 -inform der")),
            (&utf_16, Err("is in UTF-16")),
            (key.as_bytes(), Err("has no certificate: each one begins with")),
            (b"\x30\x82no", Err("has no certificate: each one begins with")),
            (&pem.as_bytes()[..pem.len() / 2], Err("has a damaged PEM section")),
            (nonsense.as_bytes(), Err("has no certificate that can be parsed")),
        ] {
            let found = RootCertificates::from_pem(bytes).map(|found| found.0.len());
            let text = String::from_utf8_lossy(bytes);
            match (found, expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{text}"),
                (Err(error), Err(expected)) => {
                    assert!(error.to_string().starts_with(expected), "{text}: {error}");
                }
                (found, _) => panic!("{text}: {found:?}"),
            }
        }
    }
}
