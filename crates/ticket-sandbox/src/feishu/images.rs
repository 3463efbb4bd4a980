//! The images of messages: `GET /ticket_images`.

use scripted_server::Reply;
use url::form_urlencoded;

use super::failure::Failure;
use super::generated::GeneratedTickets;
use super::messages;

/// One image in so many was deleted.
const DELETED: u32 = 23;
const WIDTH: u32 = 64;
const HEIGHT: u32 = 40;

/// Returns the requested image.
pub(super) fn reply(query: &str, generated: &GeneratedTickets) -> Result<Reply, Failure> {
    let (mut ticket, mut message, mut index) = (None, None, None);
    for (key, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*key {
            "ticket_id" => ticket = Some(value),
            "msg_id" => message = Some(value),
            "index" => index = Some(value.parse::<usize>().map_err(|_| Failure::BadRequest)?),
            _ => {}
        }
    }
    let (ticket, message) = ticket.zip(message).ok_or(Failure::BadRequest)?;
    super::check_id(&ticket)?;
    let k = generated.find(&ticket).ok_or(Failure::NotFound)?;
    // The documentation does not say which id of a message it means. Here it is `message_id`.
    let (keys, is_post) =
        messages::images(&generated.generator, k, &message).ok_or(Failure::NotFound)?;
    let index = if is_post { index.ok_or(Failure::BadRequest)? } else { 0 };
    let key = keys.get(index).ok_or(Failure::BadRequest)?;
    let seed = crc32(key.as_bytes());
    if seed.is_multiple_of(DELETED) {
        return Err(Failure::DeletedImage);
    }
    Ok(Reply::new(200, "image/png", png(seed)))
}

/// Returns a PNG of two colours, without compression.
fn png(seed: u32) -> Vec<u8> {
    let mut rows = Vec::new();
    for y in 0..HEIGHT {
        // No filter.
        rows.push(0);
        rows.extend((0..WIDTH).map(|x| u8::from((x + y + seed % 16) % 16 < 8)));
    }
    let length = u16::try_from(rows.len()).expect("the image is small").to_le_bytes();
    let (a, b) = rows.iter().fold((1, 0), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (a + b) % 65_521)
    });
    // zlib with one stored block.
    let mut data = vec![0x78, 0x01, 0x01, length[0], length[1], !length[0], !length[1]];
    data.extend(rows);
    data.extend(((b << 16) | a).to_be_bytes());
    let size = [WIDTH.to_be_bytes(), HEIGHT.to_be_bytes()].concat();
    let [_, red, green, blue] = seed.to_be_bytes();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, content) in [
        // Eight bits for each pixel, an index of the palette.
        (b"IHDR", [&size[..], &[8, 3, 0, 0, 0]].concat()),
        (b"PLTE", vec![255, 255, 255, red, green, blue]),
        (b"IDAT", data),
        (b"IEND", Vec::new()),
    ] {
        let chunk = [&name[..], &content].concat();
        let length = u32::try_from(content.len()).expect("the image is small");
        png.extend(length.to_be_bytes());
        png.extend(&chunk);
        png.extend(crc32(&chunk).to_be_bytes());
    }
    png
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc: u32, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{crc32, png};

    #[test]
    fn writes_the_parts_of_a_png() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        let image = png(7);
        assert!(image.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0@\0\0\0("));
        assert!(image.ends_with(&[0xae, 0x42, 0x60, 0x82]), "the checksum of IEND is known");
    }
}
