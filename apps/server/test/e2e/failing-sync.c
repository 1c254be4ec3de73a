/*
 * Preloaded into a server: makes its syncs fail with EIO while the file that SYNC_FAULT names exists. What such a sync
 * was to make durable is dropped where it was appended, as a kernel may drop pages that it could not write.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES 65536

/* Size + 1 of a file when it was synced last; 0 where it never was. */
static off_t synced[FILES];

static int sync_or_fail(int fd, const char *name) {
  const char *fault = getenv("SYNC_FAULT");
  struct stat found;
  int known = fd >= 0 && fd < FILES && fstat(fd, &found) == 0 && S_ISREG(found.st_mode);
  if (fault != NULL && access(fault, F_OK) == 0) {
    if (known && synced[fd] > 0 && synced[fd] - 1 < found.st_size && ftruncate(fd, synced[fd] - 1) != 0) abort();
    errno = EIO;
    return -1;
  }
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  int result = real(fd);
  if (result == 0 && known) synced[fd] = found.st_size + 1;
  return result;
}

int fsync(int fd) { return sync_or_fail(fd, "fsync"); }
int fdatasync(int fd) { return sync_or_fail(fd, "fdatasync"); }
