// What compiling a whole set of rules may cost, however small each of them is. Shared by the copies
// of a compiler; any thread.

import Synchronization

/// The work left for a set of expressions.
final class CompilationBudget: Sendable {
    /// Parts of all expressions with their macros written out.
    static let maximumParts = 2_000_000
    /// Looking for similar names costs more than anything else, and nobody reads so many.
    static let maximumSuggestions = 500

    /// Bytes of all compiled regular expressions together.
    static let maximumExpressionBytes = 64 << 20

    private struct Expressions {
        var byPattern: [[UInt8]: RegularExpression] = [:]
        var bytes = 0
    }

    private let parts = Atomic(0)
    private let expressions = Mutex(Expressions())
    private let suggestions = Atomic(0)

    /// How many parts are left.
    var remainingParts: Int { max(0, Self.maximumParts - parts.load(ordering: .relaxed)) }

    /// Takes the parts of one expression.
    func spend(parts count: Int) { parts.wrappingAdd(count, ordering: .relaxed) }

    /// Takes one search for a similar name; false if there were enough.
    func takeSuggestion() -> Bool {
        suggestions.wrappingAdd(1, ordering: .relaxed).oldValue < Self.maximumSuggestions
    }

    /// The compiled expression of a pattern, the same one for all its uses; nil if there are too
    /// many.
    func expression(
        _ pattern: [UInt8]
    ) throws(RegularExpression.Failure) -> RegularExpression? {
        let (known, isFull) = expressions.withLock {
            ($0.byPattern[pattern], $0.bytes >= Self.maximumExpressionBytes)
        }
        if let known { return known }
        if isFull { return nil }
        let compiled = try RegularExpression(pattern)
        expressions.withLock {
            $0.byPattern[pattern] = compiled
            $0.bytes += compiled.sizeBytes
        }
        return compiled
    }
}
