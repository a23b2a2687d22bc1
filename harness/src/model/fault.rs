//! Faults that can be planted in the model, to measure whether the other witnesses notice.
//!
//! Each is a mistake that an implementation of the import system could make. Tests alone plant
//! them; a prediction for a user has none.

/// One way of getting the import system wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The parent package is imported beside its child, not within the child's import.
    ParentBesideChild,
    /// A module that failed stays in `sys.modules`.
    FailedModuleStays,
    /// A package that fails takes the submodules that it has imported out of `sys.modules`.
    FailingParentRemovesChild,
    /// A submodule that fails takes its parent package out of `sys.modules`.
    FailingChildRemovesParent,
    /// `from` never tries a submodule.
    NoSubmoduleFallback,
    /// `from` tries a submodule before the package's attribute.
    SubmoduleBeforeAttribute,
    /// `from … import *` does not look at `__all__`.
    StarIgnoresAll,
    /// A relative import in a package's own body starts one level too high.
    RelativeLevelOffByOne,
    /// A folder without `__init__.py` is not found.
    NamespaceNotFound,
    /// `mod.py` is found before `mod/__init__.py`.
    ModuleBeforePackage,
    /// A child of a module that is no package is searched for.
    NonPackageSearched,
    /// The submodule is not made an attribute of its package.
    ParentNotBound,
    /// A reload is an import.
    ReloadStartsImport,
    /// A module whose reload fails leaves `sys.modules`.
    FailedReloadRemoves,
    /// `None` in `sys.modules` counts as missing.
    NoneEntryIgnored,
    /// A module that was deleted from `sys.modules` is not loaded again.
    DeletionIgnored,
    /// A module that puts another object in its place gets lost.
    ReplacementIgnored,
    /// A half-done module counts as a whole one in messages.
    PartialCountsAsWhole,
    /// A module keeps the place in `sys.modules` that it took before it ran.
    OrderOfStart,
    /// `importlib.util.find_spec()` imports the module itself.
    FindSpecImportsLeaf,
    /// What a forked child does counts as the program's.
    ForkedChildAnswers,
    /// A thread that begins when another has ended is taken for that one.
    ThreadNumberReused,
    /// `importlib.util.find_spec()` asks the finders unseen.
    FindSpecUnseen,
    /// A function that a program puts in the place of importlib's is not called.
    FunctionsStay,
    /// `importlib.import_module()` enters nothing for a module in `sys.modules`.
    CachedImportModuleUnseen,
    /// A module's `__getattr__` is not asked.
    ModuleGetattrIgnored,
    /// `finally` does not run when an exception passes through.
    FinallySkipped,
    /// `except Exception` catches `SystemExit` and the like.
    ExceptionCatchesAll,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 28] = [
        Self::ParentBesideChild,
        Self::FailedModuleStays,
        Self::FailingParentRemovesChild,
        Self::FailingChildRemovesParent,
        Self::NoSubmoduleFallback,
        Self::SubmoduleBeforeAttribute,
        Self::StarIgnoresAll,
        Self::RelativeLevelOffByOne,
        Self::NamespaceNotFound,
        Self::ModuleBeforePackage,
        Self::NonPackageSearched,
        Self::ParentNotBound,
        Self::ReloadStartsImport,
        Self::FailedReloadRemoves,
        Self::NoneEntryIgnored,
        Self::DeletionIgnored,
        Self::ReplacementIgnored,
        Self::PartialCountsAsWhole,
        Self::OrderOfStart,
        Self::FindSpecImportsLeaf,
        Self::ForkedChildAnswers,
        Self::ThreadNumberReused,
        Self::FindSpecUnseen,
        Self::FunctionsStay,
        Self::CachedImportModuleUnseen,
        Self::ModuleGetattrIgnored,
        Self::FinallySkipped,
        Self::ExceptionCatchesAll,
    ];
}
