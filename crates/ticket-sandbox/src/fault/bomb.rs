//! A small body of gzip that inflates to very much: zeros, as runs of the longest length that deflate can say.

/// The largest bomb, so that the small body stays small: 7 MB of it.
pub(super) const LARGEST: u64 = 1 << 30;

/// The longest run that one symbol says, in bytes.
const LONGEST_RUN: u64 = 258;
/// The polynomial of the checksum of gzip, lowest power first.
const POLYNOMIAL: u32 = 0xedb8_8320;

/// Packs so many zeros.
pub(super) fn gzip(zeros: u64) -> Vec<u8> {
    // No name, no time, an unknown system.
    let mut bits = Bits { bytes: vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff], used: 0 };
    let runs = zeros.saturating_sub(1) / LONGEST_RUN;
    // The last block, with the codes that everybody knows.
    bits.push(0b1, 1);
    bits.push(0b01, 2);
    for _ in 0..zeros - runs * LONGEST_RUN {
        bits.push_code(0b0011_0000, 8); // a zero
    }
    for _ in 0..runs {
        bits.push_code(0b1100_0101, 8); // 258 bytes …
        bits.push_code(0b0_0000, 5); // … as they stood one byte before
    }
    bits.push_code(0, 7); // the end
    let mut bytes = bits.bytes;
    bytes.extend_from_slice(&checksum(zeros).to_le_bytes());
    // The size is told modulo 2^32.
    let [size @ .., _, _, _, _] = zeros.to_le_bytes();
    bytes.extend_from_slice(&size);
    bytes
}

/// Bits, packed from the lowest up.
struct Bits {
    bytes: Vec<u8>,
    /// How many bits of the last byte are used; 0 where it is full.
    used: u32,
}

impl Bits {
    fn push(&mut self, value: u8, count: u32) {
        for index in 0..count {
            if self.used == 0 {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= ((value >> index) & 1) << self.used;
            }
            self.used = (self.used + 1) % 8;
        }
    }

    /// A code, which stands with its highest bit first.
    fn push_code(&mut self, code: u8, count: u32) {
        self.push(code.reverse_bits() >> (8 - count), count);
    }
}

/// The checksum of so many zeros: each byte multiplies by x^8, so all of them by one power.
fn checksum(zeros: u64) -> u32 {
    let (mut power, mut square, mut left) = (1 << 31, 1 << 23, zeros);
    while left > 0 {
        if left & 1 == 1 {
            power = product(power, square);
        }
        square = product(square, square);
        left >>= 1;
    }
    !product(u32::MAX, power)
}

/// The product of two polynomials, modulo that of the checksum.
fn product(one: u32, mut other: u32) -> u32 {
    let mut product = 0;
    for bit in (0..u32::BITS).rev() {
        if one >> bit & 1 == 1 {
            product ^= other;
        }
        other = other >> 1 ^ if other & 1 == 1 { POLYNOMIAL } else { 0 };
    }
    product
}

#[cfg(test)]
mod tests {
    use super::{checksum, gzip};

    // Packed here and unpacked with gzip 1.12, once; since then the bytes are pinned.
    #[test]
    fn the_bytes_are_those_that_gzip_unpacks() {
        for (zeros, body) in [
            (0_u32, &[0x03, 0x00][..]),
            (1, &[0x63, 0x00, 0x00]),
            (259, &[0x63, 0x18, 0x05, 0x00]),
            (260, &[0x63, 0x60, 0x18, 0x05, 0x00]),
        ] {
            let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
            let end = [checksum(zeros.into()).to_le_bytes(), zeros.to_le_bytes()].concat();
            assert_eq!(gzip(zeros.into()), [&head[..], body, &end].concat(), "{zeros}");
        }
        assert!(gzip(256 << 20).len() < 2 << 20);
    }

    #[test]
    fn the_checksum_of_zeros_is_the_one_of_gzip() {
        for (zeros, expected) in [
            (0, 0),
            (1, 0xd202_ef8d),
            (4, 0x2144_df1c),
            (1 << 20, 0xa738_ea1c),
            (1 << 28, 0x2a0e_7dbb),
        ] {
            assert_eq!(checksum(zeros), expected, "{zeros}: {:08x}", checksum(zeros));
        }
    }
}
