// Sends the one form on the page as soon as it is there.
document.forms[0].submit();
