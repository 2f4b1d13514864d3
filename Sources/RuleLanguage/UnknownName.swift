// What people probably meant by a name that is none, beyond a misspelt one.

/// Advice for names that are no field, macro or constant.
enum UnknownName {
    /// Where the thing is that a name of somebody else's, or half a name, is about; nil if unknown.
    static func place(of name: String) -> String? {
        let names = FieldSchema.fields.lazy.map(\.name)
        if names.contains(where: { $0.hasPrefix(name + ".") }) {
            // The value that is asked for most: of a file its path, of the rest the program.
            let field = ["\(name).path", "\(name).file.path", "\(name).id", "\(name).os"]
                .first { FieldSchema.field(named: $0) != nil }
            let example = field ?? names.first { $0.hasPrefix(name + ".") } ?? name
            return "it has no value of its own: name a field of it, like \(example)"
        }
        for family in ["parent.", "ancestors."] where name.hasPrefix("exec." + family) {
            let moved = "process." + name.dropFirst("exec.".count)
            if FieldSchema.field(named: moved) != nil { return "did you mean '\(moved)'?" }
        }
        if name.hasPrefix("process.parent.parent.") {
            return "processes further up are process.ancestors"
        }
        if ["cmdline", "command_line", "commandline"].contains(where: name.hasSuffix) {
            return "the arguments are exec.args, without the name of the program"
        }
        return nil
    }

    /// What somebody meant by a word without a dot.
    static func advice(for word: String) -> String {
        let names = FieldSchema.fields.lazy.map(\.name)
        if let field = names.first(where: { $0.hasSuffix("." + word) }) {
            return "did you mean '\(field)'? strings are written in \"\""
        }
        // Macros and constants are spelt in capitals.
        if !word.utf8.contains(where: { (0x61...0x7A).contains($0) }) {
            return "no macro or constant has this name"
        }
        return "strings are written in \"\", fields with what they are of, like exec.file.name"
    }
}
