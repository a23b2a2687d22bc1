//! Python text to statements, by Ruff's parser.
//!
//! Ruff parses the grammar; what CPython's compiler refuses on top of it is in `check`.

use ruff_python_ast::{PythonVersion, Stmt, token::TokenKind};
use ruff_python_parser::{
    LexicalErrorType, Mode, ParseError, ParseErrorType, ParseOptions, lexer::lex, parse_unchecked,
};
use ruff_text_size::{Ranged, TextSize};

use crate::{model::source::check::check, version::Version};

/// Texts up to this size cannot nest deeper than the model follows.
const SHALLOW: usize = 400;
/// How deep brackets may nest. CPython gives up at 200.
const MAX_BRACKETS: usize = 60;
/// How deep blocks may nest. CPython gives up at 100.
const MAX_BLOCKS: usize = 60;
/// How many operators one logical line may have: each may be one level of an expression.
const MAX_OPERATORS: usize = 500;

/// Why a text was not parsed.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// CPython raises `SyntaxError`, or a subclass of it, with this name.
    Syntax(&'static str),
    /// The model cannot tell what CPython does.
    Doubt { offset: TextSize, construct: String, why: &'static str },
}

impl Refusal {
    pub(crate) fn doubt(offset: TextSize, construct: impl Into<String>, why: &'static str) -> Self {
        Self::Doubt { offset, construct: construct.into(), why }
    }
}

/// The statements of `source` as CPython of `version` would compile them.
pub(crate) fn parse(source: &str, version: Version) -> Result<Box<[Stmt]>, Refusal> {
    check_text(source)?;
    check_nesting(source)?;
    let target = PythonVersion { major: 3, minor: u8::try_from(version.minor).unwrap_or(u8::MAX) };
    let options = ParseOptions::from(Mode::Module).with_target_version(target);
    let parsed = parse_unchecked(source, options);
    if let Some(first) = parsed.errors().iter().min_by_key(|error| error.range().start()) {
        return Err(syntax_error(source, first));
    }
    if let Some(error) = parsed.unsupported_syntax_errors().first() {
        let offset = error.range().start();
        let why = "Ruff and CPython may not agree on syntax that this version does not have";
        return Err(Refusal::doubt(offset, error.to_string(), why));
    }
    let body = parsed.try_into_module().map(|module| module.into_syntax().body);
    let body: Box<[Stmt]> = body.unwrap_or_default().into_iter().collect();
    check(&body)?;
    Ok(body)
}

/// Texts that CPython decodes in another way than the model, which has them as UTF-8.
fn check_text(source: &str) -> Result<(), Refusal> {
    if let Some(offset) = source.find('\0') {
        let offset = TextSize::try_from(offset).unwrap_or_default();
        return Err(Refusal::doubt(offset, "a null character", "versions differ on the error"));
    }
    let cookie = |line: &&str| line.trim_start().starts_with('#') && line.contains("coding");
    match source.lines().take(2).find(cookie) {
        Some(_) => {
            Err(Refusal::doubt(0.into(), "an encoding declaration", "files are UTF-8 to the model"))
        }
        None => Ok(()),
    }
}

/// Refuses what nests so deep that a stack could overflow, here or in CPython.
fn check_nesting(source: &str) -> Result<(), Refusal> {
    if source.len() <= SHALLOW {
        return Ok(());
    }
    let mut lexer = lex(source, Mode::Module);
    let mut depth = Depth::default();
    loop {
        let kind = lexer.next_token();
        if kind == TokenKind::EndOfFile {
            return Ok(());
        }
        depth.take(kind);
        if depth.brackets > MAX_BRACKETS
            || depth.blocks > MAX_BLOCKS
            || depth.operators > MAX_OPERATORS
        {
            // The lexer keeps its position to itself.
            let why = "CPython's own limits are near, and where they are depends on the build";
            return Err(Refusal::doubt(0.into(), "code that nests very deep", why));
        }
    }
}

#[derive(Default)]
struct Depth {
    brackets: usize,
    blocks: usize,
    operators: usize,
}

impl Depth {
    fn take(&mut self, kind: TokenKind) {
        use TokenKind as T;
        match kind {
            T::Lpar | T::Lsqb | T::Lbrace | T::FStringStart | T::TStringStart => self.brackets += 1,
            T::Rpar | T::Rsqb | T::Rbrace | T::FStringEnd | T::TStringEnd => {
                self.brackets = self.brackets.saturating_sub(1);
            }
            T::Indent => self.blocks += 1,
            T::Dedent => self.blocks = self.blocks.saturating_sub(1),
            T::Newline => self.operators = 0,
            T::Comma | T::NonLogicalNewline | T::Comment | T::Name | T::String | T::Int => {}
            _ => self.operators += 1,
        }
    }
}

/// Which exception CPython raises for what Ruff found first.
fn syntax_error(source: &str, error: &ParseError) -> Refusal {
    let indentation = match &error.error {
        ParseErrorType::UnexpectedIndentation
        | ParseErrorType::Lexical(LexicalErrorType::IndentationError) => true,
        ParseErrorType::OtherError(message) => message.contains("indented block"),
        _ => false,
    };
    match (indentation, source.contains('\t')) {
        (true, true) => {
            let why = "it may be a TabError as well as an IndentationError";
            Refusal::doubt(error.range().start(), "a wrong indentation with tabs", why)
        }
        (true, false) => Refusal::Syntax("IndentationError"),
        (false, _) => Refusal::Syntax("SyntaxError"),
    }
}
