/*
 * jq_spawn.h: internals of jq_worker.c: starts its process.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* Move a descriptor to a number that the worker does not use.  Takes fd; -1
 * with errno. */
int	jq_spawn_away(int fd);

/* Start it with these two descriptors. bare: without anything else of ours.  0,
 * or an errno. */
int	jq_spawn(pid_t *pid, int socket, int page, bool bare);
