/* Shows a process another time of day, so many seconds from the true one as the file named by CHAOS_CLOCK says; before it counts the
   file of that name with the process's role behind a dot ("worker", "database"). Only the time of day: what runs by the monotonic
   clock, and every sleep, goes on as it did, as when somebody sets a machine's clock. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static FILE *mine(const char *name) {
    char path[1024];
    const char *role = getenv("LIANDONG_ROLE");
    char called[16] = "";
    FILE *self = fopen("/proc/self/comm", "r"), *file;
    if (self) {
        if (!fgets(called, sizeof called, self)) called[0] = 0;
        fclose(self);
    }
    if (!strncmp(called, "postgres", 8)) role = "database"; /* it is started by a process that has a role */
    snprintf(path, sizeof path, "%s.%s", name, role ? role : "");
    file = fopen(path, "r");
    return file ? file : fopen(name, "r");
}

static long apart(void) {
    static __thread long known, looked_at = -1;
    struct timespec now;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    if (now.tv_sec != looked_at) {
        const char *name = getenv("CHAOS_CLOCK");
        FILE *file = name ? mine(name) : NULL;
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
