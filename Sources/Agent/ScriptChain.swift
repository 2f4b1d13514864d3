// What the kernel makes of a program that is a `#!` script: the arguments its interpreter gets.
// Pure; the rule is that of fs/binfmt_script.c and execve(2), "Interpreter scripts".

import LinuxSystem
import RuleLanguage

/// A program as execve names it, and the interpreters that come in its place.
struct ScriptChain: Sendable, Equatable {
    /// One `#!` line.
    struct Step: Sendable, Equatable {
        let interpreter: [UInt8]
        let argument: [UInt8]?
    }

    /// The name of the program the kernel goes by: the path given to execve, or `/dev/fd/N…`.
    let name: [UInt8]
    private(set) var steps: [Step] = []

    init(name: [UInt8]) { self.name = name }

    /// Scripts may be nested this deep; the kernel refuses more with ELOOP.
    static let depthLimit = 5

    mutating func append(interpreter: [UInt8], argument: [UInt8]?) {
        guard steps.count < Self.depthLimit else { return }
        steps.append(Step(interpreter: interpreter, argument: argument))
    }

    /// The arguments of the image that will run, given those of the call: each interpreter takes
    /// the place of argv[0], with its argument and the script's name behind it.
    func arguments(from argv: ByteStringList) -> ByteStringList {
        guard !steps.isEmpty else { return argv }
        var result = ByteStringList()
        for index in steps.indices.reversed() {
            result.append(steps[index].interpreter)
            if let argument = steps[index].argument { result.append(argument) }
        }
        result.append(name)
        for argument in argv.dropFirst() { result.append(argument) }
        return result
    }

    /// The name the task will have: the last part of the program's name, at most 15 bytes
    /// (`begin_new_exec`), that of the script for scripts.
    var taskName: ByteString {
        let start = name.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        return name[start...].prefix(15)
    }
}
