// One JSON object in, one JSON object out, line by line, in order.

internal import RuleLanguage
internal import Signals

/// Answers the lines of standard input.
enum JSONLines {
    /// Why a line has no answer.
    struct Failure: Error {
        let message: String
    }

    /// Answers each line of standard input with one line; a line that fails with `{"error":…}`.
    ///
    /// Answers are written as soon as no further line is waiting, so that a program can ask one
    /// question at a time.
    /// - Returns: whether every line had an answer.
    static func answer(
        _ body: ([UInt8], inout JSONWriter) throws(Failure) -> Void
    ) throws(CommandFailure) -> Bool {
        var input = StandardInput()
        var output: [UInt8] = []
        var isSound = true
        while let line = try input.nextLine() {
            var writer = JSONWriter()
            do throws(Failure) {
                try body(line, &writer)
            } catch {
                isSound = false
                writer = JSONWriter()
                writer.error(error.message)
            }
            output += writer.bytes
            output.append(UInt8(ascii: "\n"))
            if output.count >= 1 << 16 || !input.hasLine {
                Terminal.print(output)
                output.removeAll(keepingCapacity: true)
            }
        }
        return isSound
    }

    /// The value of a line.
    static func value(_ line: [UInt8]) throws(Failure) -> JSONValue {
        do throws(JSONFailure) {
            return try JSONReader.value(line)
        } catch {
            throw Failure(message: error.description)
        }
    }

    /// The event of a line.
    static func event(
        _ body: () throws(EventInputFailure) -> EventDescription
    ) throws(Failure) -> EventDescription {
        do throws(EventInputFailure) {
            return try body()
        } catch {
            throw Failure(message: error.description)
        }
    }
}
