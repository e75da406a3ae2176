//! Two texts, line by line.

/// What changes, as tools that apply a difference read it.
pub fn unified_difference(name: &str, before: &str, after: &str) -> String {
    // A carriage return alone ends no line.
    let (before, after): (Vec<&str>, Vec<&str>) =
        (before.split_inclusive('\n').collect(), after.split_inclusive('\n').collect());
    let difference = similar::TextDiff::configure().newline_terminated(true).diff_slices(&before, &after);
    difference.unified_diff().header(name, name).to_string()
}
