// The kernel's call chain of a held thread.

import LinuxSystem
import Testing

@Suite struct ExecStageTests {
    private static let program = """
        [<0>] fanotify_handle_event+0xb93/0x1b70
        [<0>] do_dentry_open+0x144/0x430
        [<0>] do_filp_open+0xc3/0x180
        [<0>] do_open_execat+0x5d/0x120
        [<0>] alloc_bprm+0x20/0x220
        [<0>] do_execveat_common.isra.0+0x8d/0x1b0
        [<0>] __x64_sys_execve+0x34/0x50

        """
    private static let script = """
        [<0>] fanotify_handle_event+0xb93/0x1b70
        [<0>] do_open_execat+0x5d/0x120
        [<0>] open_exec+0x26/0x60
        [<0>] load_script+0x1ed/0x310
        [<0>] bprm_execve+0x2bf/0x510
        [<0>] do_execveat_common.isra.0+0x1a6/0x1b0

        """

    @Test(arguments: [
        (program, ExecStage.program),
        (script, .interpreter),
        (script.replacing("load_script", with: "load_elf_binary"), .interpreter),
        // A module's function carries its module; open_exec may be inlined or not listed.
        (
            "[<0>] load_misc_binary+0x1/0x2 [binfmt_misc]\n[<0>] do_execveat_common+0x1/0x2\n",
            .interpreter
        ),
        ("", .unknown), ("[<0>] 0xffffffffffffffff\n", .unknown), ("+", .unknown),
        ("open_exec", .unknown), ("[<0>] reopen_exec+0x1/0x2\n", .unknown),
        ("[<0>] wait_woken+0x4/0x8\n", .unknown), ("open_exec+", .interpreter),
    ])
    func `what is being opened is told by the functions in between`(
        text: String,
        stage: ExecStage
    ) {
        #expect(ExecStage(stack: Array(text.utf8).span) == stage)
    }

    @Test func `a cut text never claims an interpreter that is not there`() {
        let bytes = Array(Self.program.utf8)
        for count in 0...bytes.count {
            #expect(ExecStage(stack: bytes.span.extracting(first: count)) != .interpreter)
        }
    }
}
