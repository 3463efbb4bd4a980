//! A small gzip body that inflates to many zeros: runs of the longest length that deflate supports.

/// The largest inflated size; its gzip body has 7 MB.
pub(super) const MAX_SIZE: u64 = 1 << 30;

/// The longest run of one symbol, in bytes.
const MAX_RUN: u64 = 258;
/// The polynomial of CRC-32, lowest power first.
const POLYNOMIAL: u32 = 0xedb8_8320;

/// Compresses this many zeros.
pub(super) fn gzip(zeros: u64) -> Vec<u8> {
    // Header: no file name, no time, unknown operating system.
    let mut bits = Bits { bytes: vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff], used: 0 };
    let runs = zeros.saturating_sub(1) / MAX_RUN;
    // Last block, with fixed Huffman codes.
    bits.push(0b1, 1);
    bits.push(0b01, 2);
    for _ in 0..zeros - runs * MAX_RUN {
        bits.push_code(0b0011_0000, 8); // a zero
    }
    for _ in 0..runs {
        bits.push_code(0b1100_0101, 8); // a run of 258 bytes …
        bits.push_code(0b0_0000, 5); // … copied from one byte before
    }
    bits.push_code(0, 7); // end of block
    let mut bytes = bits.bytes;
    bytes.extend_from_slice(&checksum(zeros).to_le_bytes());
    // The size modulo 2^32.
    let [size @ .., _, _, _, _] = zeros.to_le_bytes();
    bytes.extend_from_slice(&size);
    bytes
}

/// Bits, packed from the lowest up.
struct Bits {
    bytes: Vec<u8>,
    /// The number of used bits in the last byte; 0 if it is full.
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

    /// Pushes a Huffman code, highest bit first.
    fn push_code(&mut self, code: u8, count: u32) {
        self.push(code.reverse_bits() >> (8 - count), count);
    }
}

/// Returns the CRC-32 of this many zeros: each byte multiplies by x^8, so all of them by one power.
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

/// Returns the product of two polynomials, modulo [`POLYNOMIAL`].
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

    // The expected bytes were checked with gzip 1.12.
    #[test]
    fn bytes_are_valid_gzip() {
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
    fn checksum_is_crc32() {
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
