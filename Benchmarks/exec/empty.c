// The program whose start is measured: it does nothing.
int main(void) { return 0; }
