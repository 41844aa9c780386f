/*
 * jq_spawn.h: inside of jq_worker.c: how its process is started.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* Give a descriptor a number that the worker's own do not meet.  Takes fd; -1
 * with errno. */
int	jq_spawn_away(int fd);

/* Start it with these two descriptors; bare: and with nothing else of ours.
 * 0, or an errno. */
int	jq_spawn(pid_t *pid, int socket, int page, bool bare);
