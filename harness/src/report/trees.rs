//! Two lists of lines side by side, with marks where they differ.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::words::table;

/// A line, and what it is about: lines with the same key stand on one row, whatever they say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) key: String,
    pub(super) text: String,
}

/// Sets `left` and `right` in two columns. A line that only one side has stands on a row of its own,
/// marked `<` or `>` between the columns.
pub(super) fn side_by_side(
    left_title: &str,
    left: &[Line],
    right_title: &str,
    right: &[Line],
) -> String {
    let keys = |lines: &[Line]| lines.iter().map(|line| line.key.clone()).collect::<Vec<_>>();
    let rows: Vec<_> = capture_diff_slices(Algorithm::Myers, &keys(left), &keys(right))
        .iter()
        .flat_map(|operation| rows(operation, left, right))
        .collect();
    table(&[left_title, "", right_title], &rows)
}

fn rows(operation: &DiffOp, left: &[Line], right: &[Line]) -> Vec<Vec<String>> {
    let (left, right) = (&left[operation.old_range()], &right[operation.new_range()]);
    let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
    if let DiffOp::Equal { .. } = operation {
        let both = left.iter().zip(right);
        return both.map(|(left, right)| row([&left.text, "", &right.text])).collect();
    }
    let gone = left.iter().map(|line| row([&line.text, "<", ""]));
    gone.chain(right.iter().map(|line| row(["", ">", &line.text]))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines whose key is all but their indentation and ending.
    fn lines(text: &str) -> Vec<Line> {
        let key = |line: &str| line.trim().split(" !").next().unwrap_or_default().to_owned();
        text.lines().map(|line| Line { key: key(line), text: line.to_owned() }).collect()
    }

    #[test]
    fn lines_of_one_side_are_marked() {
        let truth = "import shop.cart\n  import shop\n    find shop\n  load shop.cart !Ошибка\n";
        let observed = "import shop.cart\n    find shop\n  load shop.cart\n  load 数\n";
        let shown = side_by_side("truth", &lines(truth), "audit", &lines(observed));
        insta::assert_snapshot!(shown, @r#"
        truth                          audit
        ─────────────────────────────────────────────────
        import shop.cart               import shop.cart
          import shop              <
            find shop                      find shop
          load shop.cart !Ошибка         load shop.cart
                                   >     load 数
        "#);
    }

    #[test]
    fn nothing_on_either_side_leaves_the_titles() {
        insta::assert_snapshot!(side_by_side("truth", &[], "audit", &[]), @r#"
        truth       audit
        ───────────────────
        "#);
    }
}
