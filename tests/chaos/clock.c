/* Shows a process another time of day, so many seconds from the true one as the file named by CHAOS_CLOCK says. Only the time of day:
   what runs by the monotonic clock, and every sleep, goes on as it did, as when somebody sets a machine's clock. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long apart(void) {
    static __thread long known, looked_at = -1;
    struct timespec now;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    if (now.tv_sec != looked_at) {
        const char *name = getenv("CHAOS_CLOCK");
        FILE *file = name ? fopen(name, "r") : NULL;
        looked_at = now.tv_sec;
        if (file) {
            if (fscanf(file, "%ld", &known) != 1) known = 0;
            fclose(file);
        }
    }
    return known;
}

int clock_gettime(clockid_t which, struct timespec *told) {
    int status = (int)syscall(SYS_clock_gettime, which, told);
    if (!status && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) told->tv_sec += apart();
    return status;
}

int gettimeofday(struct timeval *restrict told, void *restrict zone) {
    int status = (int)syscall(SYS_gettimeofday, told, zone);
    if (!status && told) told->tv_sec += apart();
    return status;
}

time_t time(time_t *told) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (told) *told = now.tv_sec;
    return now.tv_sec;
}
