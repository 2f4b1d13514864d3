// The stand-in as a 32-bit program without a C library: gcc -m32 -nostdlib -static -ffreestanding.
//
// Writes "RAN\n" to the file named by MW_MARKER through int 0x80 and exits 0, so that a host
// without 32-bit libraries can still show how a 32-bit image is treated.
static int call3(int number, int a, int b, int c) {
    int result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory");
    return result;
}

enum { SYS_EXIT_32 = 1, SYS_WRITE_32 = 4, SYS_OPEN_32 = 5, WRITE_CREATE_APPEND = 02101 };

static const char *value_of(const char *entry, const char *name) {
    while (*name != 0 && *entry == *name) {
        entry++;
        name++;
    }
    return *name == 0 && *entry == '=' ? entry + 1 : 0;
}

__attribute__((used)) static void start(int *stack) {
    char **envp = (char **)(stack + 1 + stack[0] + 1);
    for (; *envp != 0; envp++) {
        const char *marker = value_of(*envp, "MW_MARKER");
        if (marker == 0)
            continue;
        int fd = call3(SYS_OPEN_32, (int)marker, WRITE_CREATE_APPEND, 0666);
        if (fd >= 0)
            call3(SYS_WRITE_32, fd, (int)"RAN\n", 4);
    }
    call3(SYS_EXIT_32, 0, 0, 0);
}

__asm__(".globl _start\n"
        "_start:\n"
        "    mov %esp, %eax\n"
        "    and $-16, %esp\n"
        "    sub $12, %esp\n"
        "    push %eax\n"
        "    call start\n");
