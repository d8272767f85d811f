/* LD_PRELOAD for a PostgreSQL under measure: a disk that is slow to sync, or full.
 *
 * FSYNC_DELAY_US   microseconds that every fsync and fdatasync takes longer; sync_file_range, which
 *                  promises nothing, is left alone
 * FSYNC_DELAY_FILE holds the same in its place, and may be written anew while PostgreSQL runs
 * FULL_FLAG        while this file exists, whatever would grow or change a file
 * FULL_UNDER       under this folder (as the kernel names it: no symbolic links) fails with ENOSPC
 *
 * One of the first two alone, or the other two together; without them nothing changes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* How slow the disk is just now; a file that is not there or empty says nothing. */
static long delay_us(void)
{
    const char *given = getenv("FSYNC_DELAY_US"), *named = getenv("FSYNC_DELAY_FILE");
    char text[32] = "";
    int fd;

    if (!named)
        return given ? atol(given) : 0;
    fd = open(named, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    if (read(fd, text, sizeof text - 1) < 0)
        text[0] = '\0';
    close(fd);
    return atol(text);
}

/* Sleeps to the end though signals arrive: PostgreSQL's processes wake each other by them. */
static void wait_for_disk(void)
{
    int before = errno;
    long us = delay_us();
    struct timespec left = {us / 1000000, us % 1000000 * 1000};

    if (us > 0)
        while (nanosleep(&left, &left) == -1 && errno == EINTR)
            ;
    errno = before;
}

/* Whether the disk below this file is full just now. */
static int is_full(int fd)
{
    const char *flag = getenv("FULL_FLAG"), *under = getenv("FULL_UNDER");
    char link[64], path[PATH_MAX];
    ssize_t length;
    int before = errno, full = 0;

    if (!flag || !under)
        return 0;
    if (access(flag, F_OK) == 0)
    {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        length = readlink(link, path, sizeof path - 1);
        path[length > 0 ? length : 0] = '\0';
        full = strncmp(path, under, strlen(under)) == 0 && path[strlen(under)] == '/';
    }
    errno = before;
    return full;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define SLOW(name)                  \
    int name(int fd)                \
    {                               \
        static __typeof__(&name) real; \
        if (!real)                  \
            real = REAL(name);      \
        wait_for_disk();            \
        return real(fd);            \
    }

SLOW(fsync)
SLOW(fdatasync)

#define FILLS(type, name, failing, parameters, arguments) \
    type name parameters                                  \
    {                                                     \
        static __typeof__(&name) real;                    \
        if (!real)                                        \
            real = REAL(name);                            \
        if (is_full(fd))                                  \
            failing;                                      \
        return real arguments;                            \
    }

#define TOLD_BY_ERRNO return (errno = ENOSPC, -1)
#define TOLD_BY_ANSWER return ENOSPC

FILLS(ssize_t, write, TOLD_BY_ERRNO, (int fd, const void *from, size_t size), (fd, from, size))
FILLS(ssize_t, pwrite, TOLD_BY_ERRNO, (int fd, const void *from, size_t size, off_t at), (fd, from, size, at))
FILLS(ssize_t, pwrite64, TOLD_BY_ERRNO, (int fd, const void *from, size_t size, off64_t at), (fd, from, size, at))
FILLS(ssize_t, pwritev, TOLD_BY_ERRNO, (int fd, const struct iovec *from, int count, off_t at), (fd, from, count, at))
FILLS(ssize_t, pwritev64, TOLD_BY_ERRNO, (int fd, const struct iovec *from, int count, off64_t at), (fd, from, count, at))
FILLS(int, fallocate, TOLD_BY_ERRNO, (int fd, int mode, off_t at, off_t size), (fd, mode, at, size))
FILLS(int, fallocate64, TOLD_BY_ERRNO, (int fd, int mode, off64_t at, off64_t size), (fd, mode, at, size))
FILLS(int, posix_fallocate, TOLD_BY_ANSWER, (int fd, off_t at, off_t size), (fd, at, size))
FILLS(int, posix_fallocate64, TOLD_BY_ANSWER, (int fd, off64_t at, off64_t size), (fd, at, size))
