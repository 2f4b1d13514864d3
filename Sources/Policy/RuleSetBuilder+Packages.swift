// Rules that would match the host's own programs by name or path.

import Diagnostics

extension RuleSetBuilder {
    /// How many programs a warning names.
    private static let namedPrograms = 3

    /// Warns about rules that match programs of the host's packages by name or path alone.
    mutating func warnAboutPackagedPrograms(in rules: RuleSet) {
        guard let files = assembly.options.packagedFiles else { return }
        for (position, paths) in files.matches(by: rules).sorted(by: { $0.key < $1.key }) {
            guard let expression = expressions[rules.rules[position].id] else { continue }
            var names = paths.prefix(Self.namedPrograms).map { Escaping.terminal($0) }
                .joined(separator: ", ")
            if paths.count > Self.namedPrograms {
                names += " and \(paths.count - Self.namedPrograms) more"
            }
            let warning = Diagnostic(
                .warning,
                code: .packagedProgram,
                message: "the rule matches programs of this host's packages: \(names)",
                suggestion: "ask for more than a name or path, like an argument"
            )
            diagnostics += expression.placed([warning])
        }
    }
}
