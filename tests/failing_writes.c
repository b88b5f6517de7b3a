/* Makes the so-manieth write to a file fail, and if asked all after it: what a full or broken disk does to a process.
   Loaded with LD_PRELOAD; dibao_arm(n, error, all) begins to count writes to files whose path holds DIBAO_FAIL. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static long left = -1;
static int with_error = ENOSPC, all_after = 0, failing = 0;
static long failed = 0;

void dibao_arm(long n, int error, int all) { left = n; with_error = error; all_after = all; failing = 0; failed = 0; }
long dibao_failed(void) { return failed; }

static int ours(int fd) {
    char link[64], path[4096];
    const char *wanted = getenv("DIBAO_FAIL");
    if (left < 0 || wanted == NULL) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return strstr(path, wanted) != NULL;
}

static int fails(int fd) {
    if (!ours(fd)) return 0;
    if (failing && all_after) { failed++; return 1; }
    if (left > 0 && --left == 0) { failing = 1; failed++; return 1; }
    return 0;
}

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = dlsym(RTLD_NEXT, name)
#define FAIL do { errno = with_error; return -1; } while (0)

ssize_t write(int fd, const void *buffer, size_t size) { REAL(ssize_t, "write", int, const void *, size_t); if (fails(fd)) FAIL; return real(fd, buffer, size); }
ssize_t pwrite(int fd, const void *buffer, size_t size, off_t at) { REAL(ssize_t, "pwrite", int, const void *, size_t, off_t); if (fails(fd)) FAIL; return real(fd, buffer, size, at); }
ssize_t pwrite64(int fd, const void *buffer, size_t size, off64_t at) { REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t); if (fails(fd)) FAIL; return real(fd, buffer, size, at); }
int fsync(int fd) { REAL(int, "fsync", int); if (fails(fd)) FAIL; return real(fd); }
int fdatasync(int fd) { REAL(int, "fdatasync", int); if (fails(fd)) FAIL; return real(fd); }
int ftruncate(int fd, off_t size) { REAL(int, "ftruncate", int, off_t); if (fails(fd)) FAIL; return real(fd, size); }
int ftruncate64(int fd, off64_t size) { REAL(int, "ftruncate64", int, off64_t); if (fails(fd)) FAIL; return real(fd, size); }
