// What went wrong, as a sentence in the user's language where we have one, else as the server said it.
import { t } from "./i18n.js";

const KNOWN = new Set(["unreachable", "moderation_blocked", "cancelled", "invalid_api_key", "rate_limit_exceeded"]);

/** error: an ApiError, or the {code, message} of a failed video. */
export function sentence(error) {
  if (KNOWN.has(error?.code)) {
    const known = t(`problem.${error.code}`);
    return error.code === "moderation_blocked" && error.message ? `${known} ${error.message}` : known;
  }
  if (error?.status === 413) return t("problem.too_large");
  return error?.message || t("problem.unknown");
}
