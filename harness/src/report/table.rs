//! A table that several formats show.

use super::words::{blank_repeated, table};

/// Titles, rows that are as long, and how to read them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    /// Whole lines, each with its end.
    pub(super) legend: String,
}

impl Table {
    /// A table; nothing if it has no rows.
    pub(super) fn new<S: Into<String>>(
        header: impl IntoIterator<Item = S>,
        rows: Vec<Vec<String>>,
        legend: impl Into<String>,
    ) -> Option<Self> {
        let header = header.into_iter().map(Into::into).collect();
        (!rows.is_empty()).then(|| Self { header, rows, legend: legend.into() })
    }

    /// For a terminal: what repeats in the first column is told once.
    pub(super) fn text(mut self) -> String {
        blank_repeated(&mut self.rows);
        table(&self.header, &self.rows) + &self.legend
    }

    /// In the Markdown of GitHub, the legend below it.
    pub(super) fn markdown(mut self) -> String {
        blank_repeated(&mut self.rows);
        let line = |cells: &[String]| {
            let cells: Vec<_> = cells.iter().map(|cell| markdown_cell(cell)).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let rule = format!("|{}\n", " --- |".repeat(self.header.len()));
        let rows: String = self.rows.iter().map(|row| line(row)).collect();
        let legend = self.legend.trim_end().replace('\n', " ");
        let legend = if legend.is_empty() { legend } else { format!("\n{}\n", escaped(&legend)) };
        format!("{}{rule}{rows}{legend}", line(&self.header))
    }
}

fn markdown_cell(text: &str) -> String {
    escaped(text).replace('|', "\\|")
}

/// `text` as Markdown that shows exactly it, on one line: names and messages come from the programs
/// that were run.
pub(super) use crate::text::markdown as escaped;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_markdown_would_obey_is_shown() {
        let row = vec!["a|b".to_owned(), "<b>__x__</b> @all #1 `c`\n[l](u)".to_owned()];
        let table = Table::new(["one", "two"], vec![row.clone(), row], "legend *\n").expect("rows");
        insta::assert_snapshot!(table.markdown(), @r"
        | one | two |
        | --- | --- |
        | a\|b | &lt;b&gt;\_\_x\_\_&lt;/b&gt; &#64;all &#35;1 \`c\`\\n\[l\](u) |
        |  | &lt;b&gt;\_\_x\_\_&lt;/b&gt; &#64;all &#35;1 \`c\`\\n\[l\](u) |

        legend \*
        ");
    }
}
