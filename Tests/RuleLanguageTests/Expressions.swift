// What the tests of the language share: compiling or saying why not, and small events.

import Diagnostics
import RuleLanguage

/// An expression that does not compile, with its diagnostics in words.
struct Uncompiled: Error, CustomStringConvertible {
    let description: String
}

/// Compiles for any event type; fails with the diagnostics.
func compiled(_ expression: String, with compiler: Compiler = Compiler()) throws
    -> CompiledExpression
{
    let (result, diagnostics) = compiler.compile(expression, purpose: .filter)
    guard let result else {
        let words = diagnostics.map { "\($0.code.name) \($0.message)" }
        throw Uncompiled(description: "\(expression): \(words.joined(separator: "; "))")
    }
    return result
}

/// The codes of what is wrong with an expression, in the order of the text.
func codes(_ expression: String, with compiler: Compiler = Compiler()) -> [String] {
    compiler.compile(expression, purpose: .filter).1.map(\.code.name)
}

/// The value of an expression on an event.
func value(_ expression: String, _ event: EventDescription, with compiler: Compiler = Compiler())
    throws -> Bool
{
    try compiled(expression, with: compiler).evaluate(event)
}

/// An event from a table.
func event(_ values: [String: EventDescription.Value]) throws -> EventDescription {
    try EventDescription(values)
}

extension EventDescription.Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
    /// A string.
    public init(stringLiteral value: String) { self = .text(value) }
    /// A number.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A boolean.
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    /// A list of strings.
    public init(arrayLiteral elements: String...) { self = .texts(elements) }
}
