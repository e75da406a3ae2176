//! Log drivers and their options.

use super::tables;

/// The options of a driver whose options are a closed set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogOptions {
    pub driver: &'static str,
    pub required: &'static [&'static str],
    pub optional: &'static [&'static str],
}

/// The drivers that a launch type (`FARGATE`) takes; empty for an unknown one.
pub fn log_drivers(launch_type: &str) -> &'static [&'static str] {
    tables::LOG_DRIVERS.iter().find(|(known, _)| *known == launch_type).map_or(&[], |(_, drivers)| drivers)
}

/// `None` for drivers whose options are open.
pub fn log_options(driver: &str) -> Option<&'static LogOptions> {
    tables::LOG_OPTIONS.iter().find(|options| options.driver == driver)
}
