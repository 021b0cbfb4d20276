/* Says what happens below folders, and that a program is opened to be executed, by CLOCK_MONOTONIC.
 *
 * watch FILE PATH...: a line for each event, appended to FILE: the time of the wake-up, what happened,
 * and the path. Of a folder: `gone` and `come`, a name deleted and a name moved in. Of a program: `open`.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MOST 64

int main(int argc, char **argv)
{
    static char events[65536] __attribute__((aligned(8))), lines[262144];
    const char *paths[MOST] = {0};
    int file, at, wd, watch = inotify_init1(IN_CLOEXEC);

    if (argc < 3 || argc > MOST)
        return 1;
    for (at = 2; at < argc; at++) {
        struct stat kind;
        if (stat(argv[at], &kind) < 0)
            return 1;
        wd = inotify_add_watch(watch, argv[at],
                               S_ISDIR(kind.st_mode) ? IN_DELETE | IN_MOVED_TO : IN_OPEN);
        if (wd < 0 || wd >= MOST)
            return 1;
        paths[wd] = argv[at];
    }
    if ((file = open(argv[1], O_WRONLY | O_CREAT | O_APPEND, 0644)) < 0)
        return 1;
    for (;;) {
        struct timespec now;
        ssize_t length = read(watch, events, sizeof events), place = 0, written = 0;
        if (length <= 0)
            return 1;
        clock_gettime(CLOCK_MONOTONIC, &now);
        while (place < length) {
            struct inotify_event *event = (void *)(events + place);
            place += sizeof *event + event->len;
            if (event->wd < 0 || event->mask & IN_IGNORED)
                return 1;
            written += snprintf(lines + written, sizeof lines - written, "%lld.%09ld %s %s%s%s\n",
                                (long long)now.tv_sec, now.tv_nsec,
                                event->mask & IN_OPEN ? "open" : event->mask & IN_DELETE ? "gone" : "come",
                                paths[event->wd], event->len ? "/" : "", event->len ? event->name : "");
            if (written > (ssize_t)sizeof lines - 4096 || place >= length) {
                if (write(file, lines, written) != written)
                    return 1;
                written = 0;
            }
        }
    }
}
