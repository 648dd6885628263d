// Closes the frame when the tool says that registering has ended, and shows the tools afresh.
window.addEventListener("message", (event) => {
  const frame = document.getElementById("registration");
  if (event.source !== frame.contentWindow || event.origin !== frame.dataset.origin) return;
  if (event.data && event.data.subject === "org.imsglobal.lti.close") location.assign("/manage-tools");
});
