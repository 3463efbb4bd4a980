//! SOCKS 5 (RFC 1928), with user name and password (RFC 1929).

use std::io;
use std::net::IpAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::Stream;
use crate::transport::proxy::ProxyCredentials;

const VERSION: u8 = 5;
const NO_PASSWORD: u8 = 0;
const PASSWORD: u8 = 2;
/// The response of a proxy that accepts none of the offered methods.
const NO_METHOD: u8 = 0xff;
/// The version of the password exchange.
const PASSWORD_VERSION: u8 = 1;
const CONNECT: u8 = 1;
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;

/// The reason why the proxy did not connect.
#[derive(Debug)]
pub(super) enum SocksError {
    /// The proxy rejects the credentials, or requires some.
    Denied,
    /// The rules of the proxy forbid the connection.
    NotAllowed,
    /// The proxy could not connect.
    Failed(&'static str),
    /// The proxy closed the connection, or does not speak SOCKS 5.
    Io(io::Error),
}

impl From<io::Error> for SocksError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Asks the proxy at the other end of the stream to connect to a host. The proxy resolves a host name.
pub(super) async fn connect(
    stream: &mut Stream,
    host: &str,
    port: u16,
    credentials: Option<&ProxyCredentials>,
) -> Result<(), SocksError> {
    let greeting: &[u8] = match credentials {
        Some(_) => &[VERSION, 2, NO_PASSWORD, PASSWORD],
        None => &[VERSION, 1, NO_PASSWORD],
    };
    stream.write_all(greeting).await?;
    match (response(stream, VERSION).await?, credentials) {
        (NO_PASSWORD, _) => {}
        (PASSWORD, Some(ProxyCredentials { user, password })) => {
            let mut message = vec![PASSWORD_VERSION];
            with_length(&mut message, user.expose())?;
            with_length(&mut message, password.expose())?;
            stream.write_all(&message).await?;
            if response(stream, PASSWORD_VERSION).await? != 0 {
                return Err(SocksError::Denied);
            }
        }
        (NO_METHOD, _) => return Err(SocksError::Denied),
        _ => return Err(not_socks().into()),
    }
    let mut request = vec![VERSION, CONNECT, 0];
    match host.parse() {
        Ok(IpAddr::V4(address)) => {
            request.push(IPV4);
            request.extend(address.octets());
        }
        Ok(IpAddr::V6(address)) => {
            request.push(IPV6);
            request.extend(address.octets());
        }
        Err(_) => {
            request.push(NAME);
            with_length(&mut request, host)?;
        }
    }
    request.extend(port.to_be_bytes());
    stream.write_all(&request).await?;
    match response(stream, VERSION).await? {
        0 => {}
        2 => return Err(SocksError::NotAllowed),
        3 => return Err(SocksError::Failed("network unreachable")),
        4 => return Err(SocksError::Failed("host unreachable")),
        5 => return Err(SocksError::Failed("connection refused")),
        6 => return Err(SocksError::Failed("TTL expired")),
        _ => return Err(SocksError::Failed("general failure")),
    }
    // Skip the bound address and its port of two bytes.
    stream.read_u8().await?;
    let length = match stream.read_u8().await? {
        IPV4 => 4,
        IPV6 => 16,
        NAME => stream.read_u8().await?,
        _ => return Err(not_socks().into()),
    };
    stream.read_exact(&mut vec![0; usize::from(length) + 2]).await?;
    Ok(())
}

/// Reads a response of two bytes, a version and a code, and returns the code.
async fn response(stream: &mut Stream, version: u8) -> io::Result<u8> {
    let found = stream.read_u8().await?;
    if found == version { stream.read_u8().await } else { Err(not_socks()) }
}

/// Appends a string with its length in front.
fn with_length(message: &mut Vec<u8>, text: &str) -> io::Result<()> {
    let length = u8::try_from(text.len()).map_err(|_| {
        io::Error::new(io::ErrorKind::InvalidInput, "a name is longer than 255 bytes")
    })?;
    message.push(length);
    message.extend(text.as_bytes());
    Ok(())
}

fn not_socks() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the proxy does not speak SOCKS 5")
}
