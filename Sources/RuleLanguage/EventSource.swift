// The seam between the language and what is judged: the agent answers from a held task,
// the tools answer from a description.

/// Where an expression gets the values of one exec event.
///
/// A value is asked for only if the evaluation needs it. Implementations fetch lazily and remember:
/// asking twice gives the same value. `element` is the index of an iterated subject's element
/// (`process.ancestors`), 0 otherwise. A value that does not exist is the empty value of its type:
/// "", 0, false, an empty list. Used on one thread at a time.
package protocol EventSource: AnyObject {
    /// The number of elements of an iterated subject; 1 for any other.
    func count(of subject: Subject) -> Int
    /// A boolean attribute.
    func boolean(_ field: Field, element: Int) -> Bool
    /// An integer attribute; times are nanoseconds since 1970.
    func integer(_ field: Field, element: Int) -> Int64
    /// A string attribute.
    func string(_ field: Field, element: Int) -> ByteString
    /// A list attribute, like `argv`.
    func strings(_ field: Field, element: Int) -> ByteStringList
    /// Further values that a comparison of a path or name field must also try: the symbolic link
    /// the program was started by, its path inside an overlay, the program a loader is told to run.
    func alternatives(of field: Field, element: Int) -> ByteStringList
    /// The time of the event in nanoseconds since 1970: what durations are measured against.
    var now: Int64 { get }
    /// The value of a `${variable}`; nil if unset.
    func variable(_ name: String) -> VariableValue?
}

/// The value of a `${variable}`.
package enum VariableValue: Sendable, Equatable {
    case boolean(Bool)
    case integer(Int64)
    case string(ByteString)
    case integers([Int64])
    case strings([ByteString])
}
