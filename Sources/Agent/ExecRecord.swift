// What is remembered of a held exec until it is confirmed: enough to recognise its further events
// (the interpreter, the loader) and to compare what runs with what was judged.

import LinuxSystem
import RuleLanguage

/// One exec that was judged and allowed, and has not been seen running yet.
///
/// Immutable: a further event of the same exec replaces it.
final class ExecRecord: Sendable {
    /// What the next event of this exec must be, if there is one.
    enum Expectation: Sendable, Equatable {
        /// None: what was judged starts by itself.
        case nothing
        /// The interpreter of the script that was judged.
        case interpreter
        /// The loader of the ELF program that was judged.
        case loader
    }

    let thread: Int32
    /// The process that `thread` belongs to; it keeps this number through the exec.
    let process: Int32
    let call: HeldSyscall
    /// Open while a further event is expected, so that it can be recognised at low cost.
    let task: HeldTaskFile?
    let expectation: Expectation
    let chain: ScriptChain
    /// The main file: the program, or the script.
    let file: FileIdentity?
    /// What /proc/PID/exe will be: the main file, or the script's interpreter once it was opened;
    /// nil if that could not be seen.
    let runningFile: FileIdentity?
    /// Its path, if a rule asked for it or it is a script, whose further events need it; else empty.
    let path: [UInt8]
    /// The file that was opened last.
    let opened: FileIdentity?
    /// What was judged, while a loader is expected: to look at it again is cheaper than to read anew.
    let strings: ExecStrings?
    /// Of the path that the call gave.
    let calledPath: ContentDigest
    let arguments: ContentDigest
    /// nil if no rule needed the environment.
    let environment: ContentDigest?
    /// Positions of the rules that were signalled, in the rule set of `generation`.
    let signalled: [Int]
    let generation: UInt64
    /// When this was written, before the answer; monotonic clock.
    let storedNanoseconds = KernelClock.monotonic.nanoseconds

    /// Records an attempt that was judged.
    init(
        of attempt: Attempt,
        call: HeldSyscall,
        task: HeldTaskFile,
        format: ProgramFormat,
        strings: ExecStrings,
        signalled: [Int],
        deployment: Deployment
    ) {
        let program = attempt.program
        thread = attempt.thread
        process = attempt.process.pid
        self.call = call
        chain = program.chain
        if case .other = program.main, chain.steps.isEmpty {
            // The event was that of the loader: the last one.
            expectation = .nothing
        } else {
            expectation = Expectation(after: format)
        }
        self.task = expectation == .nothing ? nil : task
        file = attempt.file
        if case .held(let event) = attempt.origin, case .other = program.main {
            opened = try? FileIdentity(descriptor: event)
        } else {
            opened = attempt.file
        }
        runningFile = chain.steps.isEmpty ? attempt.file : Self.interpreter(of: attempt, format)
        path = chain.steps.isEmpty ? attempt.knownPath ?? [] : attempt.path
        self.strings =
            expectation == .loader && strings.bytes.count <= Self.keptBytes ? strings : nil
        calledPath = ContentDigest(program.calledPath)
        arguments = program.argv.digest
        environment = deployment.needsEnvironment ? program.envp.digest : nil
        self.signalled = signalled
        generation = deployment.generation
    }

    /// Strings longer than this together are not kept: an exec that fails leaves its record behind.
    private static let keptBytes = 16 << 10

    /// The interpreter whose event this is; nil at the event of a script.
    private static func interpreter(of attempt: Attempt, _ format: ProgramFormat) -> FileIdentity? {
        if case .script = format { return nil }
        guard case .held(let file) = attempt.origin else { return nil }
        return try? FileIdentity(descriptor: file)
    }

    private init(
        _ record: ExecRecord,
        expectation: Expectation,
        runningFile: FileIdentity?,
        opened: FileIdentity?
    ) {
        thread = record.thread
        process = record.process
        call = record.call
        task = expectation == .nothing ? nil : record.task
        self.expectation = expectation
        chain = record.chain
        file = record.file
        self.runningFile = runningFile
        path = record.path
        self.opened = opened
        strings = nil
        calledPath = record.calledPath
        arguments = record.arguments
        environment = record.environment
        signalled = record.signalled
        generation = record.generation
    }

    /// The record after a loader was opened, or after an interpreter that is to run.
    func expecting(
        _ expectation: Expectation,
        interpreter: FileIdentity? = nil,
        loader: FileIdentity? = nil
    ) -> ExecRecord {
        ExecRecord(
            self,
            expectation: expectation,
            runningFile: interpreter ?? runningFile,
            opened: interpreter ?? loader
        )
    }
}

extension ExecRecord {
    /// The path of the program that will run, as far as it is known without looking again.
    var runningPath: [UInt8]? { chain.steps.isEmpty && !path.isEmpty ? path : nil }
}

extension ExecRecord.Expectation {
    /// What follows a file of this format.
    init(after format: ProgramFormat) {
        self =
            switch format {
            case .script: .interpreter
            case .elf(let interpreter): interpreter == nil ? .nothing : .loader
            case .elfWithoutInterpreter, .other: .nothing
            }
    }
}

/// A held thread's open file, shared by the records of one exec; closed with the last.
final class HeldTaskFile: Sendable {
    let task: HeldTask

    init(_ task: consuming HeldTask) { self.task = task }
}
