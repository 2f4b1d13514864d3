// Changes as lines for people: rules added, changed and removed, settings before and after.

internal import ControlProtocol
internal import Diagnostics

/// Writes changes.
enum ChangeText {
    /// One line per change, empty if there is none.
    static func lines(of changes: ChangeReport) -> [String] {
        changes.added.map { "+ rule \(safe($0))" } + changes.changed.map { "~ rule \(safe($0))" }
            + changes.removed.map { "- rule \(safe($0))" } + lines(of: changes.protection)
            + (changes.changesSettings ? ["~ settings of minewarden.yaml"] : [])
    }

    static func lines(of settings: [SettingReport]) -> [String] {
        settings.map { setting in
            let subject = setting.rule.map { "protection of \(safe($0))" } ?? "Active Protection"
            return "~ \(subject): \(safe(setting.before)) -> \(safe(setting.after))"
        }
    }

    /// Text of rule files may hold anything.
    static func safe(_ text: String) -> String { Escaping.terminal(text) }
}
