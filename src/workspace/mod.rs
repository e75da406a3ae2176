//! What documents of different files have to do with each other.
