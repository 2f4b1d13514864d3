// The stable codes of everything that can be wrong with an expression. Never reused, never
// renumbered; R001 to R049 belong to the language.

package import Diagnostics

extension Diagnostic.Code {
    /// A character that no expression contains.
    package static let unexpectedCharacter = Self("R001")
    /// A string, pattern or `${` without its end.
    package static let unterminated = Self("R002")
    /// A number or duration that cannot be represented.
    package static let badNumber = Self("R003")
    /// Single or typographic quotes.
    package static let wrongQuotes = Self("R004")
    /// Too long, nested too deeply, or too large once macros are written out.
    package static let tooComplex = Self("R005")
    /// Something else was expected here.
    package static let syntax = Self("R010")
    /// A word or symbol of another language, with ours as the suggestion.
    package static let unknownOperator = Self("R011")
    /// A name that is no field, constant or macro.
    package static let unknownField = Self("R012")
    /// A `${variable}` nothing sets.
    package static let unknownVariable = Self("R013")
    /// An operator applied to types it does not take.
    package static let typeMismatch = Self("R014")
    /// A list of different types.
    package static let mixedList = Self("R015")
    /// `**` where it has no meaning.
    package static let badPattern = Self("R016")
    /// Not an RE2 expression.
    package static let badRegularExpression = Self("R017")
    /// A regular expression compared with a path field.
    package static let regularExpressionOnPath = Self("R018")
    /// A value that no path can equal: relative, not clean, too long.
    package static let badPath = Self("R019")
    /// A subscript that is empty, `_`, on no list, or a second register.
    package static let badSubscript = Self("R020")
    /// A macro that contains itself.
    package static let cyclicMacro = Self("R021")
    /// No field of the expression says which event it is about.
    package static let noEventType = Self("R023")
    /// Fields of two events.
    package static let severalEventTypes = Self("R024")
    /// A field of an event this agent cannot see.
    package static let unsupportedEventType = Self("R025")
    /// `&&` and `||` side by side: they have one precedence and bind to the right.
    package static let mixedLogic = Self("R026")
    /// A plain string with `*` where it stands for itself.
    package static let plainWildcard = Self("R027")
    /// True for every event.
    package static let alwaysTrue = Self("R028")
    /// True for no event.
    package static let neverTrue = Self("R029")
    /// Not an address or network.
    package static let badAddress = Self("R030")
    /// `${}` or `%{}` in a string where only a fixed one can stand.
    package static let badInterpolation = Self("R031")
}
