/* Ends at once: what it costs is what an instance costs. */
int main(void) {}
