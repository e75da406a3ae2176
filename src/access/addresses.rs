//! Address ranges as `IpAddress` reads them.

use std::net::IpAddr;

/// An address with the length of its mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressRange {
    pub address: IpAddr,
    /// In bits; all of them where none is written.
    pub mask: u8,
}

impl AddressRange {
    /// What is wrong with a text that IAM refuses.
    pub fn read(text: &str) -> Result<AddressRange, &'static str> {
        let (address, mask) = match text.split_once('/') {
            Some((address, mask)) => (address, Some(mask)),
            None => (text, None),
        };
        let address: IpAddr =
            address.parse().map_err(|_| "the part before the mask is not an IPv4 or IPv6 address")?;
        let (longest, wrong) = if address.is_ipv4() {
            (32, "the mask is not between 0 and 32")
        } else {
            (128, "the mask is not between 0 and 128")
        };
        let mask = match mask {
            Some(mask) => mask.parse().ok().filter(|mask| *mask <= longest).ok_or(wrong)?,
            None => longest,
        };
        Ok(AddressRange { address, mask })
    }

    /// `None` for what IAM refuses.
    pub fn parse(text: &str) -> Option<AddressRange> {
        AddressRange::read(text).ok()
    }

    /// The address as 128 bits, at the upper end.
    fn bits(self) -> u128 {
        match self.address {
            IpAddr::V4(address) => u128::from(address.to_bits()) << 96,
            IpAddr::V6(address) => address.to_bits(),
        }
    }

    fn masked(bits: u128, mask: u8) -> u128 {
        bits & u128::MAX.checked_shl(128 - u32::from(mask)).unwrap_or(0)
    }

    /// The first address of the range.
    pub fn network(self) -> IpAddr {
        let bits = AddressRange::masked(self.bits(), self.mask);
        match self.address {
            IpAddr::V4(_) => IpAddr::V4(((bits >> 96) as u32).into()),
            IpAddr::V6(_) => IpAddr::V6(bits.into()),
        }
    }

    /// Whether every address of the other range is in this one.
    pub fn covers(self, other: AddressRange) -> bool {
        self.address.is_ipv4() == other.address.is_ipv4()
            && self.mask <= other.mask
            && AddressRange::masked(self.bits(), self.mask) == AddressRange::masked(other.bits(), self.mask)
    }

    /// Whether no address of it is seen on the internet: RFC 1918, RFC 4193, loopback, link-local.
    pub fn is_private(self) -> bool {
        [
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "fc00::/7",
            "fe80::/10",
            "::1/128",
        ]
        .iter()
        .filter_map(|block| AddressRange::parse(block))
        .any(|block| block.covers(self))
    }
}

#[cfg(test)]
mod tests {
    use super::AddressRange;

    #[test]
    fn ranges_know_their_network_and_their_kin() {
        let range = |text| AddressRange::parse(text).unwrap();
        assert_eq!(range("203.0.113.7/24").network().to_string(), "203.0.113.0");
        assert_eq!(range("2001:db8::1/32").network().to_string(), "2001:db8::");
        assert_eq!(range("203.0.113.7").mask, 32);
        assert!(range("0.0.0.0/0").covers(range("203.0.113.7")));
        assert!(!range("0.0.0.0/0").covers(range("2001:db8::/32")));
        assert!(!range("203.0.113.0/25").covers(range("203.0.113.0/24")));
        assert!(range("10.1.0.0/16").is_private() && range("fd00::/8").is_private());
        assert!(!range("10.0.0.0/7").is_private() && !range("8.8.8.8").is_private());
        for wrong in ["203.0.113.0/33", "203.0.113", "", "::/129", "a/8"] {
            assert_eq!(AddressRange::parse(wrong), None, "{wrong}");
        }
    }
}
