//! What several tests use.

#![allow(dead_code, reason = "each test uses a part of it")]

pub mod cases;
pub mod hosts;
pub mod markdown;
pub mod random;
