/*
 * sanitizers.h: whether this is compiled with a sanitizer, which needs very
 * much memory.
 */
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED	1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED	1
#endif
#endif

#ifndef SANITIZED
#define SANITIZED	0
#endif
