// Policies of any size in the proportions of real ones, the same at every run.

/// Makes rules.
struct GeneratedRules {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// Policy texts with that many rules, 500 to a file, as people would divide them.
    static func files(ruleCount: Int) -> [String] {
        var generator = GeneratedRules()
        var files: [String] = []
        var number = 0
        while number < ruleCount {
            var text = "rules:\n"
            for _ in 0..<min(500, ruleCount - number) {
                text += generator.rule(number)
                number += 1
            }
            files.append(text)
        }
        return files
    }

    private mutating func rule(_ number: Int) -> String {
        """
          - id: generated_\(number)
            description: Rule number \(number)
            filters: ['os == "linux"']
            tags: {technique: T1496, severity: high}
            expression: >-
              \(expression(number))
            actions:
              - kill: {signal: SIGKILL}

        """
    }

    /// Names, paths, arguments, options, flags, environments, parents and regular expressions, as
    /// often as policies for production have them.
    private mutating func expression(_ number: Int) -> String {
        let (a, b, c) = (word(), word(), word())
        switch number % 10 {
        case 0: return #"exec.file.name in ["\#(a)", "\#(b)", ~"\#(c)-*"]"#
        case 1:
            return
                #"exec.args in [~"*\#(a)://*", ~"*\#(b).example.com*"] && exec.file.path not in ["/usr/bin/grep", "/usr/bin/rg"]"#
        case 2: return #"exec.args_options in [~"\#(a)=*", "\#(b)=1"] && exec.file.name != "git""#
        case 3: return #"exec.args_flags in ["\#(a)", "\#(b)"] || exec.args =~ "*--\#(c)*""#
        case 4:
            return
                #"exec.file.path in [~"/opt/\#(a)/*", "/usr/local/bin/\#(b)", ~"/var/tmp/\#(c)/**"]"#
        case 5:
            return
                #"exec.file.name == "\#(a)" && process.parent.file.name in ["sh", "bash", "cron"]"#
        case 6:
            return
                #"exec.envs in ["\#(a.uppercased())_URL", "\#(b.uppercased())_USER"] && exec.uid != 0"#
        case 7: return #"exec.argv in [r"^(-o|--url)=?\#(a)\+(tcp|ssl)://", "\#(b)"]"#
        case 8: return #"exec.comm == "\#(String(a.prefix(15)))" && exec.args =~ "*\#(b)*\#(c)*""#
        default:
            return #"exec.file.path == "/usr/bin/\#(a)" && process.file.modification_time < 30s"#
        }
    }

    /// A pronounceable word of eight to twelve letters.
    private mutating func word() -> String {
        let (consonants, vowels) = (Array("bcdfghjklmnprstvwxz"), Array("aeiou"))
        var word = ""
        for _ in 0..<(4 + number(below: 3)) {
            word.append(consonants[number(below: consonants.count)])
            word.append(vowels[number(below: vowels.count)])
        }
        return word
    }

    private mutating func number(below limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % limit
    }
}
