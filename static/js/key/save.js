/*
 * Saving a file from the page.
 *
 * May: hand bytes to the browser's own download, under a fixed name.
 * May not: keep the bytes, read the disk, or send anything. The address it makes (blob:) points into this page and ends with it.
 *
 * A script is not told whether a download was finished or refused; that is why the page offers to read the file back.
 */

// Some browsers ask where to save first, and fetch the bytes afterwards.
const KEPT_FOR_MILLISECONDS = 40_000;

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {string} name
 */
export function saveFile(bytes, name) {
  const address = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_FOR_MILLISECONDS);
}
