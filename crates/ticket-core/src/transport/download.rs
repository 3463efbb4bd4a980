//! Downloads files: with credentials from the service itself, without them from any other public address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::header::CONTENT_TYPE;
use url::{Host, Url};

use super::{ApiClient, Authorization};
use crate::request::Download;
use crate::{CallStats, Error, ErrorKind, FileContent, Request, Response};

impl ApiClient {
    /// Downloads the file at an address that a response of the service names.
    ///
    /// See [`FileSource::download`](crate::FileSource::download) for the addresses that are allowed. If the service is at a loopback
    /// address, such as a fake server, so must be the file. Through a proxy, the proxy
    /// resolves names: whether they lead to a public address is then up to the proxy.
    ///
    /// # Errors
    /// [`InvalidRequest`](ErrorKind::InvalidRequest) if the address is not allowed, else those of [`call`](Self::call). A response
    /// with an HTTP error status has the kind of that status.
    pub async fn download_url(
        &self,
        operation: &'static str,
        address: &str,
        max_bytes: usize,
    ) -> Result<FileContent, Error> {
        let refuse = |error: Error| error.with_provider(self.provider()).in_operation(operation);
        let url = parse(address).map_err(refuse)?;
        let is_own = url.origin() == self.base_url().as_ref().origin();
        let request = Request::get(operation, url);
        if is_own {
            return self.download(request, max_bytes, check_status).await;
        }
        if self.base_url().is_loopback() {
            let message =
                "the service is on this machine, and the file elsewhere; it is not requested";
            return Err(refuse(Error::new(ErrorKind::InvalidRequest, message)));
        }
        check_public(&request.url).map_err(refuse)?;
        let download = Download { max_bytes, only_public: true };
        let request = Request { download: Some(download), ..request };
        self.with(Authorization::default()).run_download(&request, check_status).await
    }

    /// Downloads the response to a request of the service as a file. `check` decides whether it was a success.
    ///
    /// # Errors
    /// Those of [`call`](Self::call).
    pub async fn download(
        &self,
        request: Request,
        max_bytes: usize,
        check: impl Fn(&Response) -> Result<(), Error>,
    ) -> Result<FileContent, Error> {
        let download = Download { max_bytes, only_public: false };
        self.run_download(&Request { download: Some(download), ..request }, check).await
    }

    async fn run_download(
        &self,
        request: &Request,
        check: impl Fn(&Response) -> Result<(), Error>,
    ) -> Result<FileContent, Error> {
        let ((), response, stats) = self.call(request, check).await?;
        Ok(content(response, stats))
    }
}

fn content(response: Response, stats: CallStats) -> FileContent {
    let media_type = response.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = media_type.and_then(|value| value.split(';').next()).map(str::trim);
    let media_type = media_type.filter(|it| !it.is_empty()).map(str::to_ascii_lowercase);
    FileContent { media_type, bytes: response.body, stats }
}

/// Checks the HTTP status, all that a file without an envelope says.
fn check_status(response: &Response) -> Result<(), Error> {
    let status = response.http_status.unwrap_or(200);
    if response.is_success() {
        return Ok(());
    }
    let error = Error::new(ErrorKind::of_http_status(status), "the file cannot be downloaded");
    Err(response.complete(error))
}

fn parse(address: &str) -> Result<Url, Error> {
    let refuse = |problem: &str| Error::new(ErrorKind::InvalidRequest, problem);
    let mut url =
        Url::parse(address).map_err(|_| refuse("the address of the file is not a URL"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("the address of the file contains a user name or a password"));
    }
    url.set_fragment(None);
    Ok(url)
}

/// Checks that a file at another origin than the service is asked for by https, and not from an address of a private network.
fn check_public(url: &Url) -> Result<(), Error> {
    let refuse = |problem| Err(Error::new(ErrorKind::InvalidRequest, problem));
    if url.scheme() != "https" {
        return refuse("the address of the file is neither https nor of the service itself");
    }
    let address = match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::from(address),
        Some(Host::Ipv6(address)) => IpAddr::from(address),
        Some(Host::Domain(_)) => return Ok(()),
        None => return refuse("the address of the file has no host"),
    };
    if is_public(address) { Ok(()) } else { Err(not_public()) }
}

/// Returns the error for a file in a private network.
pub(super) fn not_public() -> Error {
    let message = "the file is at a private address, which only the service itself may have; it is not requested";
    Error::new(ErrorKind::InvalidRequest, message)
}

/// Returns whether anybody on the internet reaches this address: whether no registry reserves it for another use.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || matches!(
            (a, b, c),
            (0 | 224.., ..) | (100, 64..=127, _) | (192, 0, 0) | (198, 18 | 19, _)
        );
    !is_special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    // Addresses that contain an IPv4 address: mapped, compatible, translated (NAT64) and 6to4.
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            is_public_v4(v4(high, low))
        }
        [0x2002, high, low, ..] => is_public_v4(v4(high, low)),
        // Only 2000::/3 is assigned; 2001::/23 has protocols, 2001:db8::/32 and 3fff::/20 documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::{check_public, is_public, parse};
    use crate::ErrorKind;

    #[test]
    fn tells_public_addresses_from_others() {
        for public in ["8.8.8.8", "100.128.0.1", "172.32.0.1", "2606:4700::1", "64:ff9b::808:808"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for other in [
            "0.0.0.0",
            "10.1.2.3",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::10.0.0.1",
            "fc00::1",
            "fd00::1",
            "fe80::1",
            "ff02::1",
            "2001:db8::1",
            "2002:a00:1::1",
            "64:ff9b::a00:1",
            "2001::1",
        ] {
            assert!(!is_public(other.parse().unwrap()), "{other}");
        }
    }

    #[test]
    fn allows_only_public_https_addresses() {
        for allowed in ["https://files.example/a?b#c", "https://8.8.8.8/a"] {
            assert!(check_public(&parse(allowed).unwrap()).is_ok(), "{allowed}");
        }
        for refused in [
            "file.png",
            "/a/b.png",
            "http://files.example/a",
            "https://127.0.0.1/a",
            "https://0x7f.1/a",
            "https://2130706433/a",
            "https://[::1]/a",
            "https://169.254.169.254/latest",
            "file:///etc/passwd",
            "data:text/plain,a",
            "ftp://files.example/a",
            "https://user:secret@files.example/a",
        ] {
            let error = parse(refused).and_then(|url| check_public(&url)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{refused}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
