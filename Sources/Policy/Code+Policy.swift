// The stable codes of what can be wrong with policies, protection and settings.
// Numbers are never reused.

package import Diagnostics

extension Diagnostic.Code {
    /// A key nobody reads; an error in the protection of a rule, where it may have been meant as its scope.
    package static let unknownKey = Self("P001")
    /// A value of the wrong kind, or not one of the words allowed.
    package static let wrongKind = Self("P002")
    /// The file is no policy: its top is not a mapping.
    package static let notAPolicy = Self("P003")
    /// The file defines no rules.
    package static let emptyPolicy = Self("P004")
    /// A rule or macro without `id`.
    package static let noID = Self("P010")
    /// A rule or macro without an expression.
    package static let noExpression = Self("P011")
    /// An id with characters that ids do not have.
    package static let idPattern = Self("P012")
    /// A second definition with the same id that changes nothing.
    package static let duplicateID = Self("P013")
    /// An `agent_version` that is no version constraint.
    package static let agentVersion = Self("P014")
    /// A filter that cannot be evaluated.
    package static let hostFilter = Self("P015")
    /// An action that cannot be taken; the rule stays.
    package static let invalidAction = Self("P016")
    /// A macro with both `expression` and `values`, or an override that cannot be.
    package static let macroDefinition = Self("P017")
    /// An action of a kind this agent does not have; the rule stays.
    package static let unsupportedAction = Self("P018")
    /// `override_options.fields` names something that cannot be overridden.
    package static let overrideField = Self("P019")
    /// A duration that is neither Go syntax nor an integer.
    package static let badDuration = Self("P021")
    /// Two declarations of a variable that say different things; the first one counts.
    package static let variableConflict = Self("P022")
    /// A variable that is read but that no loaded rule sets.
    package static let neverSet = Self("P023")
    /// A rule that matches programs of the host's own packages by name or path.
    package static let packagedProgram = Self("P024")
    /// A field that never has a value on this host; the rule stays.
    package static let unavailableField = Self("P025")
    /// A comment that takes the lines below it out of the expression.
    package static let swallowedLines = Self("P026")
    /// An override, or a key of one, that changes nothing.
    package static let ineffectiveOverride = Self("P027")
    /// `protection.yaml` names a rule that does not exist.
    package static let unknownRule = Self("P030")
    /// Blocking on a rule that cannot block.
    package static let notBlockable = Self("P031")
    /// A scope (`where`) that cannot be applied.
    package static let badScope = Self("P032")
    /// A setting with a value out of range.
    package static let badSetting = Self("P040")
    /// So many findings that the rest is only counted.
    package static let tooManyFindings = Self("P099")
}
