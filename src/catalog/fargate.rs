//! Fargate's task sizes. From the Amazon ECS developer guide, "Task definition parameters: Task size".

use super::tables;

/// One row: a number of CPU units (1,024 are a vCPU) and the memory that goes with it, in MiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FargateSize {
    pub cpu: u32,
    pub memory: &'static [u32],
    /// Whether Windows containers may have it; Linux ones may have every row.
    pub windows: bool,
}

/// In rising order.
pub fn fargate_sizes() -> &'static [FargateSize] {
    tables::FARGATE_SIZES
}

/// Whether a platform version of Linux tasks has a successor. Windows tasks have other numbers.
pub fn is_old_platform_version(version: &str) -> bool {
    tables::OLD_PLATFORM_VERSIONS.contains(&version)
}

/// Whether there is a platform version of that number, of Linux or of Windows tasks.
pub fn is_platform_version(version: &str) -> bool {
    tables::PLATFORM_VERSIONS.contains(&version) || is_old_platform_version(version)
}

/// The operating systems that it has, as `operatingSystemFamily` names them.
pub fn fargate_families() -> &'static [&'static str] {
    tables::FARGATE_FAMILIES
}

pub fn fargate_size(cpu: u32) -> Option<&'static FargateSize> {
    tables::FARGATE_SIZES.iter().find(|size| size.cpu == cpu)
}

/// A task's `cpu` in CPU units: `256`, `.25 vCPU`, `1 vcpu`. `None` for anything else.
pub fn parse_cpu(text: &str) -> Option<u32> {
    parse(text, "vcpu")
}

/// A task's `memory` in MiB: `512`, `0.5 GB`, `2GB`. `None` for anything else.
pub fn parse_memory(text: &str) -> Option<u32> {
    parse(text, "gb")
}

fn parse(text: &str, unit: &str) -> Option<u32> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    match lower.strip_suffix(unit) {
        Some(number) => {
            let number: f64 = number.trim().parse().ok()?;
            let scaled = number * 1024.0;
            ((0.0..1e9).contains(&scaled) && scaled.fract() == 0.0).then_some(scaled as u32)
        }
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_guide() {
        assert_eq!(fargate_sizes().len(), 8);
        assert_eq!(fargate_sizes().iter().map(|size| size.memory.len()).sum::<usize>(), 77);
        assert_eq!(fargate_size(256).map(|size| size.memory), Some(&[512, 1024, 2048][..]));
        assert!(fargate_size(8192).is_some_and(|size| size.memory.contains(&20480) && !size.windows));
    }

    #[test]
    fn written_sizes_are_read() {
        assert_eq!(parse_cpu(".25 vCPU"), Some(256));
        assert_eq!(parse_cpu("1 vcpu"), Some(1024));
        assert_eq!(parse_cpu("512"), Some(512));
        assert_eq!(parse_memory("0.5 GB"), Some(512));
        assert_eq!(parse_memory("2GB"), Some(2048));
        assert_eq!(parse_memory("2 MB"), None);
        assert_eq!(parse_cpu("${CPU}"), None);
    }
}
