// What is fuzzed: each target takes any bytes and must return, with what it promises kept. A broken
// promise ends the process, which is what a fuzzer looks for.

import Diagnostics
import Policy
import RuleLanguage
import YAML

/// One entrance for hostile input.
package enum FuzzTarget: String, CaseIterable, Sendable {
    /// Lexer, parser, compiler and evaluation of an expression.
    case expression
    /// A policy file, and the same text as protection and settings.
    case policy
    /// A pattern and a value, separated by a NUL.
    case wildcard
    /// An argument vector and an environment, separated by two NULs.
    case arguments
    /// A YAML text.
    case yaml
    /// A change of protection.yaml: a digit for which one, a name, a NUL, and the text.
    case protection

    /// Tries the input.
    package func run(_ input: [UInt8]) {
        switch self {
        case .expression: Self.tryExpression(input)
        case .policy: Self.tryPolicy(input)
        case .wildcard: Self.tryWildcard(input)
        case .arguments: Self.tryArguments(input)
        case .yaml: Self.tryYAML(input)
        case .protection: ProtectionEdit.tryEditing(input)
        }
    }

    private static func tryExpression(_ input: [UInt8]) {
        let macros = [
            "LIST": Macro(expression: "[\"a\", ~\"b*\"]"), "SELF": Macro(.expression(input)),
        ]
        let compiler = Compiler(macros: macros, variables: ["seen": .boolean, "n": .integers])
        let (compiled, findings) = compiler.compile(input, purpose: .filter)
        precondition((compiled == nil) == findings.contains { $0.severity == .error })
        check(findings, in: SourceFile(name: "expression", bytes: input))
        _ = compiler.compileValue(input)
        _ = compiler.diagnostics(ofMacro: "SELF")
        guard let compiled else { return }
        let index = RuleIndex([compiled.requirement])
        var candidates = CandidateSet()
        for event in events {
            let result = compiled.evaluate(event)
            precondition(compiled.decidingParts(event).result == result)
            index.candidates(event, into: &candidates)
            precondition(!result || candidates.rules == [0], "the index misses a match")
            precondition(!(result && compiled.truth == .never))
            precondition(result || compiled.truth != .always)
        }
    }

    private static func tryPolicy(_ input: [UInt8]) {
        let source = PolicySource(name: "input.yaml", bytes: input)
        let result = PolicyLoader.load(sources: [source], protection: source)
        check(result.diagnostics, in: nil)
        check(AgentSettings.read(source).diagnostics, in: nil)
        var scratch = MatchScratch()
        for event in events {
            result.ruleSet.matches(event, into: &scratch)
            let rules = result.ruleSet.rules
            let all = rules.indices.filter {
                rules[$0].protection != .disabled && rules[$0].compiled.evaluate(event)
            }
            precondition(scratch.matched == all, "the index and the rules disagree")
            for rule in scratch.matched { _ = result.ruleSet.decision(forRule: rule, event: event) }
        }
    }

    private static func tryWildcard(_ input: [UInt8]) {
        guard let end = input.firstIndex(of: 0) else { return }
        let (text, value) = (Array(input[..<end].prefix(200)), input[(end + 1)...].prefix(2_000))
        let pattern = WildcardPattern(text)
        precondition(
            pattern.matches(value) == ReferenceMatcher.matches(text[...], value),
            "the matcher is wrong"
        )
        _ = GlobPattern(text).matches(value)
    }

    private static func tryArguments(_ input: [UInt8]) {
        var strings = input.split(separator: 0, omittingEmptySubsequences: false)
        let end = strings.firstIndex { $0.isEmpty } ?? strings.count
        let environment = ByteStringList(strings[end...].dropFirst())
        strings.removeSubrange(end...)
        let vector = ByteStringList(strings)
        let arguments = ProgramArguments(argv: vector, envp: environment)
        precondition(arguments.argv.count == max(0, vector.count - 1))
        let joined = arguments.argv.map { Array($0) }.joined(separator: [UInt8(ascii: " ")])
        precondition(arguments.args.elementsEqual(joined))
        for flag in arguments.flags { precondition(!flag.isEmpty) }
        for option in arguments.options { precondition(option.contains(UInt8(ascii: "="))) }
        for name in arguments.names { precondition(name.count <= input.count) }
        let event = try? EventDescription(
            executable: Array("/x".utf8),
            argv: vector.map { Array($0) },
            envp: environment.map { Array($0) }
        )
        // Everything that is found out about arguments by looking into them.
        for description in FieldSchema.fields
        where description.field.subject == .process && description.type == .strings {
            _ = event?.strings(description.field, element: 0).count
        }
    }

    private static func tryYAML(_ input: [UInt8]) {
        let document = YAMLDocument(name: "input.yaml", bytes: input)
        check(document.diagnostics, in: document.file)
        if document.root == nil {
            precondition(
                document.diagnostics.contains { $0.severity == .error } || input.count < 1 << 20
            )
        }
        if let root = document.root { visit(root, size: input.count) }
    }

    private static func visit(_ node: YAMLNode, size: Int) {
        precondition(node.span.start >= 0 && node.span.start <= node.span.end)
        precondition(node.span.end <= size)
        for item in node.sequence ?? [] { visit(item, size: size) }
        for pair in node.mapping ?? [] { visit(pair.value, size: size) }
    }

    /// Findings have places inside their file and can be shown.
    private static func check(_ findings: [Diagnostic], in file: SourceFile?) {
        let renderer = DiagnosticRenderer()
        for finding in findings.prefix(100) {
            let placed =
                finding.file == nil ? file.map { file in finding.placed(in: file) { $0 } } : finding
            guard let placed, let source = placed.file else { continue }
            if let span = placed.span {
                precondition(span.start >= 0 && span.end <= source.bytes.count)
            }
            precondition(renderer.text(of: placed).utf8.count > 0)
            precondition(!placed.json.utf8.contains(UInt8(ascii: "\n")))
        }
    }

    /// Execs that expressions are tried on.
    private static var events: [EventDescription] {
        let one = try? EventDescription(
            executable: Array("/tmp/a/xmrig".utf8),
            argv: ["xmrig", "-o", "stratum+tcp://a:1", "--b=c", ""].map { Array($0.utf8) },
            envp: ["A=b", "LD_PRELOAD=x", ""].map { Array($0.utf8) },
            values: [
                "process.uid": .integer(1000),
                "process.ancestors": .records([
                    ["comm": .text("a"), "uid": .integer(0), "argv": .texts(["b"])],
                    ["comm": .text("b")],
                ]),
            ]
        )
        let other = try? EventDescription(["exec.file.path": .text("/b"), "exec.comm": .text("b")])
        return [one, other].compactMap { $0 }
    }
}

/// Wildcards by the book: slow, and obviously right.
enum ReferenceMatcher {
    static func matches(_ pattern: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) -> Bool {
        // What of the value can be matched by the part of the pattern read so far.
        var reachable = [Bool](repeating: false, count: value.count + 1)
        reachable[0] = true
        for byte in pattern {
            var next = [Bool](repeating: false, count: value.count + 1)
            if byte == UInt8(ascii: "*") {
                var seen = false
                for index in next.indices {
                    seen = seen || reachable[index]
                    next[index] = seen
                }
            } else {
                for (index, element) in value.enumerated() where reachable[index] && element == byte
                {
                    next[index + 1] = true
                }
            }
            reachable = next
        }
        return reachable[value.count]
    }
}
